/**
 * Compiles a glob, `*` for any characters and `?` for one, into a test that takes time in proportion to pattern times
 * text at the worst.
 */
export const globMatcher = (glob: string): (text: string) => boolean => {
  if (!/[*?]/.test(glob)) return (text) => text === glob
  return (text) => {
    let at = 0
    let inGlob = 0
    let star = -1
    let resume = 0
    while (at < text.length) {
      const expected = glob[inGlob]
      if (expected === "*") {
        star = inGlob++
        resume = at
      } else if (expected === "?" || expected === text[at]) {
        at++
        inGlob++
      } else if (star >= 0) {
        // Let the last star take one character more and try again from there.
        inGlob = star + 1
        at = ++resume
      } else {
        return false
      }
    }
    while (glob[inGlob] === "*") inGlob++
    return inGlob === glob.length
  }
}
