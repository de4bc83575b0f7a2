import stringWidth from "string-width"

/** Beyond this many UTF-16 units a text is cut before anything else is done with it: no row is that wide. */
const longest = 2000

// What a terminal obeys instead of showing (C0, DEL, C1), what reorders text (bidirectional controls), and line breaks.
// oxlint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
// More marks on one letter than any language writes: they would reach into the lines above and below.
const piledMarks = /(\p{M}{3})\p{M}+/gu
const printableAscii = /^[ -~]*$/
const segmenter = new Intl.Segmenter()

const visible = (character: string): string => {
  const code = character.charCodeAt(0)
  if (code >= 0x09 && code <= 0x0d || code === 0x2028 || code === 0x2029 || code === 0x85) return " "
  // Control Pictures: `␛` for escape, `␀` for null, `␡` for delete.
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? "\u2421" : "\ufffd"
}

/**
 * Makes text of unknown origin safe to print on one line of a terminal: a page's title must not move the cursor.
 *
 * **Details**
 *
 * Line breaks and tabs become spaces, other control characters a picture of themselves (`␛`), characters that reorder
 * text and half surrogate pairs `�`.
 *
 * @category formatting
 * @since 0.1.0
 */
export const neutralise = (text: string): string => {
  const cut = text.length > longest ? text.slice(0, longest) : text
  return printableAscii.test(cut) ? cut : cut.trim().toWellFormed().replace(unsafe, visible).replace(piledMarks, "$1")
}

/**
 * Measures how many columns a neutralised text takes.
 *
 * @category formatting
 * @since 0.1.0
 */
export const widthOf = (text: string): number => printableAscii.test(text) ? text.length : stringWidth(text)

const graphemesOf = (text: string): Array<string> =>
  printableAscii.test(text) ? text.split("") : Array.from(segmenter.segment(text), ({ segment }) => segment)

/** The longest beginning of the graphemes that fits the columns. */
const beginning = (graphemes: ReadonlyArray<string>, columns: number): Array<string> => {
  const taken: Array<string> = []
  let left = columns
  for (const grapheme of graphemes) {
    left -= widthOf(grapheme)
    if (left < 0) break
    taken.push(grapheme)
  }
  return taken
}

/**
 * Cuts a neutralised text to the columns, with `…` at the end it was cut at.
 *
 * @category formatting
 * @since 0.1.0
 */
export const fit = (text: string, columns: number, cutAt: "start" | "end" = "end"): string => {
  if (columns <= 0) return ""
  if (widthOf(text) <= columns) return text
  const graphemes = graphemesOf(text)
  return cutAt === "end"
    ? `${beginning(graphemes, columns - 1).join("").trimEnd()}…`
    : `…${beginning(graphemes.toReversed(), columns - 1).toReversed().join("")}`
}

/**
 * Cuts or fills a neutralised text to exactly the columns.
 *
 * @category formatting
 * @since 0.1.0
 */
export const fill = (text: string, columns: number, align: "left" | "right" = "left"): string => {
  const fitting = fit(text, columns)
  const space = " ".repeat(Math.max(0, columns - widthOf(fitting)))
  return align === "left" ? fitting + space : space + fitting
}

/**
 * Breaks a neutralised text into at most `maxLines` lines of at most `columns`, at spaces where there are any; what is
 * left over is cut.
 *
 * @category formatting
 * @since 0.1.0
 */
export const wrap = (text: string, columns: number, maxLines: number): Array<string> => {
  const lines: Array<string> = []
  let rest = text.trim()
  while (lines.length < maxLines - 1 && widthOf(rest) > columns) {
    const whole = beginning(graphemesOf(rest), columns).join("")
    const space = whole.lastIndexOf(" ")
    const line = space > columns / 2 ? whole.slice(0, space) : whole
    if (line === "") break
    lines.push(line.trimEnd())
    rest = rest.slice(line.length).trimStart()
  }
  lines.push(fit(rest, columns))
  return lines
}
