import { between, fraction, pick, shuffled } from "../chance.ts"
import type { Medium } from "./Content.ts"
import type { Outline } from "./outlines.ts"
import { closings, headings, paragraphs, quotations } from "./prose.ts"

/** Wraps text in a paragraph, unless it is a block already. */
export const paragraph = (text: string): string => text.startsWith("<") ? text : `<p>${text}</p>`

/** Joins blocks as the block editor leaves them: with what were its comments as empty lines. */
export const join = (blocks: ReadonlyArray<string>): string => `\n${blocks.join("\n\n\n\n")}\n`

const figure = (medium: Medium, folder: string): string =>
  `<figure class="wp-block-image size-large"><img loading="lazy" decoding="async" width="${medium.width}"`
  + ` height="${medium.height}" src="${folder}/wp-content/uploads/${medium.file}" alt="${medium.alternative}"`
  + ` class="wp-image-${medium.id}"/><figcaption class="wp-element-caption">${medium.title}</figcaption></figure>`

/** Writes a post out: its first sentence, paragraphs of its category, perhaps a picture, a heading, a quotation. */
export const article = (outline: Outline, options: {
  readonly seed: number
  readonly folder: string
  readonly picture: Medium | undefined
}): string => {
  const key = [options.seed, outline.slug] as const
  const body = shuffled(paragraphs[outline.category] ?? [], ...key, "order").slice(0, between(2, 5, ...key, "length"))
  const blocks = [outline.lead, ...body, pick(closings, ...key, "closing")].map(paragraph)
  if (options.picture !== undefined) {
    blocks.splice(1, 0, figure(options.picture, options.folder))
  }
  if (body.length > 3) {
    blocks.splice(-2, 0, `<h2 class="wp-block-heading">${pick(headings, ...key, "heading")}</h2>`)
  }
  if (fraction(...key, "quoted") < 0.25) {
    const [text, source] = pick(quotations, ...key, "quotation")
    blocks.splice(3, 0, `<blockquote class="wp-block-quote"><p>${text}</p><cite>${source}</cite></blockquote>`)
  }
  return join(blocks)
}

/** Writes a post whose tags, attributes and comment are left open, wrongly nested or unescaped. */
export const brokenArticle = (outline: Outline): string =>
  `<p>${outline.lead}\n<div class="gallery"><b>Two bolts <i>and one</b> washer</i>\n`
  + `<p<span>It held for a week</p></span>\n`
  + `<img src=/wp-content/uploads/2024/05/lost picture.jpg alt="a fork, bent>\n<p>if x < y && y > 0 then tighten</p>\n`
  + `<table><tr><td>Left<td>Right</table></div></div></div>\n<p>The end, we think.<!-- more `

/** Writes a post of some megabytes. */
export const hugeArticle = (outline: Outline): string => {
  const all = paragraphs[outline.category] ?? []
  return join(Array.from({ length: 20_000 }, (_, index) => paragraph(all[index % all.length] ?? "")))
}
