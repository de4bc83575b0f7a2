import { between, fraction, shuffled } from "../chance.ts"
import type { Troubles } from "../troubles.ts"
import type { Author, Comment, Content, Medium, Post, Term } from "./Content.ts"
import { outlines } from "./outlines.ts"
import { closings, headings, pages, paragraphs, quotations, remarks } from "./prose.ts"

const hour = 3_600_000
const day = 24 * hour

/** When the first post appeared; the others follow, twice a week or so. */
const beginning = Date.UTC(2024, 2, 4, 8, 30)

const authors: ReadonlyArray<Author> = [
  { id: 1, name: "Anton Brekke", slug: "anton", description: "Fixes things, mostly bicycles." },
  { id: 2, name: "Ilse van Aalst", slug: "ilse", description: "Builds wheels &amp; rides them." },
  { id: 5, name: "Marit Holm", slug: "marit", description: "Writes it down." }
]

const categoryNames: ReadonlyArray<readonly [slug: string, name: string, description: string]> = [
  ["workshop", "Workshop life", "What happens between ten and six."],
  ["wheels", "Wheels &amp; tyres", "Everything round."],
  ["drivetrain", "Drivetrain", "From the pedals to the road."],
  ["brakes", "Brakes", "Coming to a stop."],
  ["tools", "Tools", "What hangs on the wall."],
  ["frames", "Frames", "Steel, and its relatives."],
  ["rides", "Rides", "Where we went."]
]

/** Categories that are part of another one. */
const parentCategories: Readonly<Record<string, string>> = { tools: "workshop" }

const makeTerms = (): ReadonlyArray<Term> => {
  const categories = categoryNames.map(([slug, name, description], index) => ({
    id: 2 + index,
    taxonomy: "category" as const,
    name,
    slug,
    description,
    parent: slug in parentCategories ? 2 + categoryNames.findIndex(([other]) => other === parentCategories[slug]) : 0
  }))
  const tags = [...new Set(outlines.flatMap((outline) => outline.tags))].sort().map((slug, index) => ({
    id: 20 + index,
    taxonomy: "post_tag" as const,
    name: slug.replaceAll("-", " "),
    slug,
    description: "",
    parent: 0
  }))
  return [
    { id: 1, taxonomy: "category", name: "Uncategorized", slug: "uncategorized", description: "", parent: 0 },
    ...categories,
    ...tags
  ]
}

const paragraph = (text: string): string => text.startsWith("<") ? text : `<p>${text}</p>`

const figure = (medium: Medium, folder: string): string =>
  `<figure class="wp-block-image size-large"><img loading="lazy" decoding="async" width="${medium.width}" height="${medium.height}" src="${folder}/wp-content/uploads/${medium.file}" alt="${medium.alternative}" class="wp-image-${medium.id}"/><figcaption class="wp-element-caption">${medium.title}</figcaption></figure>`

const write = (
  lead: string,
  category: string,
  medium: Medium | undefined,
  base: string,
  seed: number,
  index: number
): string => {
  const body = shuffled(paragraphs[category] ?? [], seed, "paragraphs", index).slice(
    0,
    between(2, 5, seed, "length", index)
  )
  const closing = closings[between(0, closings.length - 1, seed, "closing", index)] ?? ""
  const blocks = [lead, ...body, closing].map(paragraph)
  if (medium !== undefined) {
    blocks.splice(1, 0, figure(medium, base))
  }
  if (body.length > 3) {
    const heading = headings[between(0, headings.length - 1, seed, "heading", index)] ?? ""
    blocks.splice(-2, 0, `<h2 class="wp-block-heading">${heading}</h2>`)
  }
  if (fraction(seed, "quotation", index) < 0.25) {
    const [text, source] = quotations[between(0, quotations.length - 1, seed, "which", index)] ?? ["", ""]
    blocks.splice(
      3,
      0,
      `<blockquote class="wp-block-quote is-layout-flow"><p>${text}</p><cite>${source}</cite></blockquote>`
    )
  }
  return `\n${blocks.join("\n\n\n\n")}\n`
}

const brokenHtml = (lead: string): string =>
  `<p>${lead}\n<div class="gallery"><b>Two bolts <i>and one</b> washer</i>\n<p<span>It held for a week</p></span>\n` +
  `<img src=/wp-content/uploads/2024/05/lost picture.jpg alt="a fork, bent>\n<p>if x < y && y > 0 then tighten</p>\n` +
  `<table><tr><td>Left<td>Right</table></div></div></div>\n<p>The end, we think.<!-- more `

const excerptOf = (lead: string): string => `<p>${lead} [&hellip;]</p>\n`

const huge = (category: string): string => {
  const all = paragraphs[category] ?? []
  return Array.from({ length: 20_000 }, (_, index) => paragraph(all[index % all.length] ?? "")).join("\n\n")
}

/**
 * Writes the whole site, the same one for the same seed, base address and
 * troubles; the troubles change posts but never how many there are.
 */
export const generate = (
  options: { readonly seed: number; readonly base: string; readonly troubles: Troubles }
): Content => {
  const { base, seed, troubles } = options
  const terms = makeTerms()
  const termId = (taxonomy: Term["taxonomy"], slug: string): number =>
    terms.find((term) => term.taxonomy === taxonomy && term.slug === slug)?.id ?? 1

  const indexOf = (slug: string): number => outlines.findIndex((outline) => outline.slug === slug)
  const special = {
    untitled: indexOf("untitled-photograph"),
    zero: indexOf("spare-parts-inventory"),
    ledger: indexOf("from-my-grandfathers-ledger"),
    protected: indexOf("the-price-list-for-friends"),
    broken: indexOf("straightening-a-fork-or-not"),
    dangling: indexOf("lugs-jewellery-that-holds"),
    huge: indexOf("inventory-of-sounds"),
    ties: new Set([
      indexOf("sharpening-day"),
      indexOf("frame-geometry-in-one-drawing"),
      indexOf("up-the-old-tram-line")
    ])
  }

  const media: Array<Medium> = []
  const posts: Array<Post> = []
  const comments: Array<Comment> = []
  let id = 10
  let when = beginning

  outlines.forEach((outline, index) => {
    id += between(1, 5, seed, "gap", index)
    const isTied = troubles.oddDates && special.ties.has(index)
    when += isTied && special.ties.has(index - 1)
      ? 0
      : between(2, 5, seed, "pause", index) * day + between(0, 9 * 60, seed, "minute", index) * 60_000
    const at = new Date(troubles.oddDates && index === special.ledger ? Date.UTC(1958, 5, 14, 9, 5, 12) : when)
    const author = authors[between(0, authors.length - 1, seed, "author", index)]?.id ?? 1
    let medium: Medium | undefined
    if (fraction(seed, "picture", index) < 0.6) {
      const uploaded = new Date(when)
      const folder = `${uploaded.getUTCFullYear()}/${String(uploaded.getUTCMonth() + 1).padStart(2, "0")}`
      const name = `bench-${String(index + 1).padStart(2, "0")}`
      medium = {
        id: id++,
        slug: name,
        title: `At the bench, no. ${index + 1}`,
        alternative: `Hands at work: ${outline.tags.join(", ")}`,
        file: `${folder}/${name}.jpg`,
        width: 1200,
        height: 800,
        at: uploaded,
        author,
        post: id
      }
      media.push(medium)
    }
    const isBroken = troubles.broken && index === special.broken
    const isHuge = troubles.huge && index === special.huge
    posts.push({
      id,
      type: "post",
      status: "publish",
      slug: outline.slug,
      title: troubles.oddTitles && index === special.untitled
        ? ""
        : troubles.oddTitles && index === special.zero
        ? "0"
        : outline.title,
      content: isBroken
        ? brokenHtml(outline.lead)
        : isHuge
        ? huge(outline.category)
        : write(outline.lead, outline.category, medium, base, seed, index),
      excerpt: excerptOf(outline.lead),
      at,
      modified: new Date(
        when + (fraction(seed, "edited", index) < 0.3 ? between(1, 40, seed, "edit", index) * day : 0)
      ),
      author,
      featuredMedia: troubles.dangling && index === special.dangling ? 999_999 : medium?.id ?? 0,
      categories: [termId("category", outline.category)],
      tags: outline.tags.map((tag) => termId("post_tag", tag)),
      sticky: index === indexOf("tuesday-evenings-bring-your-own-bike"),
      parent: 0,
      order: 0,
      password: troubles.password && index === special.protected,
      formerSlug: undefined
    })
    const remarkCount = fraction(seed, "remarked", index) < 0.4 ? between(1, 3, seed, "remarks", index) : 0
    shuffled(remarks, seed, "remark", index).slice(0, remarkCount).forEach((text, position) => {
      comments.push({
        id: comments.length + 3,
        post: id,
        parent: position === 2 ? comments.length + 2 : 0,
        author: ["Jonas", "Frau Petersen", "wheelsucker_62", "Aiko"][between(0, 3, seed, "reader", index, position)] ??
          "Jonas",
        at: new Date(when + (position + 1) * 7 * hour),
        content: `<p>${text}</p>\n`
      })
    })
  })

  if (troubles.overcounted) {
    id += 2
    posts.push({
      ...posts[posts.length - 1]!,
      id,
      status: "private",
      slug: "accounts",
      title: "Accounts",
      at: new Date(when - 20 * day),
      modified: new Date(when - 20 * day),
      featuredMedia: 0
    })
  }

  const pageIds = new Map<string, number>()
  pages.forEach(([title, slug, parent, text], order) => {
    id += between(1, 3, seed, "page", order)
    pageIds.set(slug, id)
    const at = new Date(beginning - (10 - order) * hour)
    posts.push({
      id,
      type: "page",
      status: "publish",
      slug,
      title,
      content: `\n${text.map(paragraph).join("\n\n\n\n")}\n`,
      excerpt: excerptOf(text[0] ?? ""),
      at,
      modified: new Date(at.getTime() + between(0, 300, seed, "page edit", order) * day),
      author: 5,
      featuredMedia: 0,
      categories: [],
      tags: [],
      sticky: false,
      parent: parent === undefined ? 0 : pageIds.get(parent) ?? 0,
      order,
      password: false,
      formerSlug: undefined
    })
  })

  const idOf = (slug: string): number => posts.find((post) => post.slug === slug)?.id ?? 0
  const victims = {
    moved: idOf("a-chain-tells-you-everything"),
    heals: idOf("five-tools-i-would-save-from-a-fire"),
    limited: idOf("bleeding-a-brake-without-tears"),
    truncated: idOf("the-torque-wrench-is-not-for-show"),
    deleted: idOf("the-box-of-unclaimed-bells"),
    byteOrderMark: idOf("reading-a-tyre"),
    notice: idOf("coaster-brakes-deserve-respect"),
    nonce: idOf("what-the-apprentice-taught-me"),
    slow: idOf("winter-storage-for-the-lazy"),
    huge: idOf("inventory-of-sounds"),
    mislabelled: idOf("grease-is-a-verb")
  }
  return {
    posts: troubles.moved
      ? posts.map((post) => post.id === victims.moved ? { ...post, formerSlug: "a-chain-tells-everything" } : post)
      : posts,
    authors,
    terms,
    media,
    comments,
    victims
  }
}
