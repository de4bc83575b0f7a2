import { load } from "cheerio"

/** What ends a line when HTML is read as text. */
const blocks =
  "address,article,aside,blockquote,br,dd,details,div,dl,dt,figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,header,hr,li," +
  "main,nav,ol,p,pre,section,summary,table,td,th,tr,ul"

/** What a reader never sees. */
const unseen = "script,style,noscript,template,iframe,svg,object"

/**
 * Reads HTML as a person would: entities decoded, scripts left out, one line per paragraph. Survives HTML that is broken.
 *
 * @category conversions
 * @since 0.1.0
 */
export const textOf = (html: string): string => {
  const $ = load(html, null, false)
  $(unseen).remove()
  $(blocks).each((_, element) => {
    $(element).before("\n").after("\n")
  })
  return $.root().text()
    .split("\n")
    .map((line) => line.replace(/\s+/gu, " ").trim())
    .filter((line) => line !== "")
    .join("\n")
}

/**
 * Reads the HTML of a title as one line of plain text. An empty title stays empty, `0` stays `0`.
 *
 * @category conversions
 * @since 0.1.0
 */
export const titleOf = (html: string): string => textOf(html).replaceAll("\n", " ")

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" })

/**
 * Counts words as the reader's language divides them, also where it writes no spaces.
 *
 * @category conversions
 * @since 0.1.0
 */
export const countWords = (text: string): number => {
  let words = 0
  for (const segment of segmenter.segment(text)) if (segment.isWordLike === true) words++
  return words
}
