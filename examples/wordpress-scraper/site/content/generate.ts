import { between, fraction, pick, shuffled } from "../chance.ts"
import type { Troubles } from "../troubles.ts"
import type { Comment, Content, Medium, Post } from "./Content.ts"
import type { Outline } from "./outlines.ts"
import { outlines } from "./outlines.ts"
import { pages, readers, remarks } from "./prose.ts"
import { authors, terms } from "./taxonomy.ts"
import { article, brokenArticle, hugeArticle, join, paragraph } from "./write.ts"

const hour = 3_600_000
const day = 24 * hour

/** When the first post appeared; the others follow, twice a week or so. */
const beginning = Date.UTC(2024, 2, 4, 8, 30)

/** A featured picture which no site has. */
const danglingId = 999_999

/** Which posts the troubles with the content itself befall, by slug. */
const odd = {
  untitled: "untitled-photograph",
  zero: "spare-parts-inventory",
  ancient: "from-my-grandfathers-ledger",
  protected: "the-price-list-for-friends",
  broken: "straightening-a-fork-or-not",
  dangling: "lugs-jewellery-that-holds",
  huge: "inventory-of-sounds",
  sticky: "tuesday-evenings-bring-your-own-bike",
  /** The second and third appear in the same second as the first. */
  tied: ["frame-geometry-in-one-drawing", "up-the-old-tram-line"]
}

/** Which posts the troubles with answering befall, by slug. */
const victimSlugs: Readonly<Record<keyof Content["victims"], string>> = {
  moved: "a-chain-tells-you-everything",
  heals: "five-tools-i-would-save-from-a-fire",
  limited: "bleeding-a-brake-without-tears",
  truncated: "the-torque-wrench-is-not-for-show",
  deleted: "the-box-of-unclaimed-bells",
  byteOrderMark: "reading-a-tyre",
  notice: "coaster-brakes-deserve-respect",
  nonce: "what-the-apprentice-taught-me",
  slow: "winter-storage-for-the-lazy",
  mislabelled: "grease-is-a-verb"
}

const excerpt = (lead: string): string => `<p>${lead} [&hellip;]</p>\n`

const termId = (slug: string): number => terms.find((term) => term.slug === slug)?.id ?? 1

/**
 * Writes the whole site, the same one for the same seed, folder and troubles;
 * the troubles change posts, but never how many of them are published.
 */
export const generate = (options: {
  readonly seed: number
  /** The path WordPress is installed in, empty or `/blog`. */
  readonly folder: string
  readonly troubles: Troubles
}): Content => {
  const { folder, seed, troubles } = options
  const media: Array<Medium> = []
  const posts: Array<Post> = []
  const comments: Array<Comment> = []
  // WordPress numbers posts, pages and pictures in one sequence, with gaps where there were drafts.
  let lastId = 10
  const nextId = (...key: ReadonlyArray<string | number>): number => {
    lastId += between(1, 4, seed, "gap", ...key)
    return lastId
  }

  const picture = (slug: string, number: number, published: number, author: number): Medium | undefined => {
    if (fraction(seed, slug, "picture") >= 0.6) {
      return undefined
    }
    const name = `bench-${String(number).padStart(2, "0")}`
    return {
      id: nextId(slug, "picture"),
      slug: name,
      title: `At the bench, no. ${number}`,
      alternative: "Hands at work",
      file: `${new Date(published).toISOString().slice(0, 7).replace("-", "/")}/${name}.jpg`,
      width: 1200,
      height: 800,
      at: new Date(published),
      author,
      post: 0
    }
  }

  const body = (outline: Outline, medium: Medium | undefined): string =>
    troubles.broken && outline.slug === odd.broken
      ? brokenArticle(outline)
      : troubles.huge && outline.slug === odd.huge
      ? hugeArticle(outline)
      : article(outline, { seed, folder, picture: medium })

  const title = (outline: Outline): string =>
    troubles.oddTitles && outline.slug === odd.untitled
      ? ""
      : troubles.oddTitles && outline.slug === odd.zero
      ? "0"
      : outline.title

  const discuss = (post: Post, published: number): void => {
    const { slug } = post
    const count = fraction(seed, slug, "discussed") < 0.4 ? between(1, 3, seed, slug, "remarks") : 0
    shuffled(remarks, seed, slug, "remarks").slice(0, count).forEach((text, position) => {
      const id = comments.length + 3
      comments.push({
        id,
        post: post.id,
        parent: position === 2 ? id - 1 : 0,
        author: pick(readers, seed, slug, position),
        at: new Date(published + (position + 1) * 7 * hour),
        content: `<p>${text}</p>\n`
      })
    })
  }

  let published = beginning
  outlines.forEach((outline, index) => {
    const { slug } = outline
    if (!troubles.oddDates || !odd.tied.includes(slug)) {
      published += between(2, 5, seed, slug, "days") * day + between(0, 540, seed, slug, "minutes") * 60_000
    }
    const author = pick(authors, seed, slug, "author").id
    const medium = picture(slug, index + 1, published, author)
    const edited = fraction(seed, slug, "edited") < 0.3 ? between(1, 40, seed, slug, "edit") * day : 0
    const post: Post = {
      id: nextId(slug),
      type: "post",
      status: "publish",
      slug,
      title: title(outline),
      content: body(outline, medium),
      excerpt: excerpt(outline.lead),
      at: new Date(troubles.oddDates && slug === odd.ancient ? Date.UTC(1958, 5, 14, 9, 5, 12) : published),
      modified: new Date(published + edited),
      author,
      featuredMedia: troubles.dangling && slug === odd.dangling ? danglingId : medium?.id ?? 0,
      categories: [termId(outline.category)],
      tags: outline.tags.map(termId),
      sticky: slug === odd.sticky,
      parent: 0,
      order: 0,
      password: troubles.password && slug === odd.protected,
      formerSlug: troubles.moved && slug === victimSlugs.moved ? "a-chain-tells-everything" : undefined
    }
    posts.push(post)
    if (medium !== undefined) {
      media.push({ ...medium, post: post.id })
    }
    discuss(post, published)
  })

  const page = (slug: string, at: Date, own: Partial<Post> & Pick<Post, "title" | "content" | "excerpt">): Post => ({
    id: nextId(slug),
    type: "page",
    status: "publish",
    slug,
    at,
    modified: new Date(at.getTime() + between(0, 300, seed, slug, "edit") * day),
    author: 5,
    featuredMedia: 0,
    categories: [],
    tags: [],
    sticky: false,
    parent: 0,
    order: 0,
    password: false,
    formerSlug: undefined,
    ...own
  })

  if (troubles.overcounted) {
    posts.push(page("accounts", new Date(published - 20 * day), {
      type: "post",
      status: "private",
      title: "Accounts",
      content: join([paragraph("Between us.")]),
      excerpt: excerpt("Between us."),
      categories: [termId("workshop")]
    }))
  }
  pages.forEach(({ parent, slug, text, title }, order) => {
    posts.push(page(slug, new Date(beginning - (10 - order) * hour), {
      title,
      content: join(text.map(paragraph)),
      excerpt: excerpt(text[0]),
      parent: posts.find((post) => post.type === "page" && post.slug === parent)?.id ?? 0,
      order
    }))
  })

  const victim = (trouble: keyof Content["victims"]): number =>
    posts.find((post) => post.slug === victimSlugs[trouble])?.id ?? 0
  return {
    posts,
    authors,
    terms,
    media,
    comments,
    victims: {
      moved: victim("moved"),
      heals: victim("heals"),
      limited: victim("limited"),
      truncated: victim("truncated"),
      deleted: victim("deleted"),
      byteOrderMark: victim("byteOrderMark"),
      notice: victim("notice"),
      nonce: victim("nonce"),
      slow: victim("slow"),
      mislabelled: victim("mislabelled")
    }
  }
}
