/** Writes a key of any style in lower case, its separators as spaces. */
const plain = (key: string): string =>
  key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9*]/g, " ")

/**
 * Compiles a key with stars, each for any characters, into a test of whole keys in any style. What stands between the stars is searched
 * for once and from left to right, so a key takes time in proportion to its length.
 */
export const globMatcher = (glob: string): (key: string) => boolean => {
  const [first = "", ...rest] = plain(glob).split("*")
  const last = rest.pop() ?? ""
  return (key) => {
    const text = plain(key)
    const end = text.length - last.length
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
    let at = first.length
    for (const part of rest) {
      const found = text.indexOf(part, at)
      if (found < 0 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}
