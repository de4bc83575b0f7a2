/** Somebody who writes on the site. */
export interface Author {
  readonly id: number
  readonly name: string
  readonly slug: string
  readonly description: string
}

/** A category or a tag. */
export interface Term {
  readonly id: number
  readonly taxonomy: "category" | "post_tag"
  readonly name: string
  readonly slug: string
  readonly description: string
  readonly parent: number
}

/** An uploaded picture. */
export interface Medium {
  readonly id: number
  readonly slug: string
  readonly title: string
  readonly alternative: string
  readonly file: string
  readonly width: number
  readonly height: number
  readonly at: Date
  readonly author: number
  readonly post: number
}

/** A post or a page; every text is HTML, as WordPress renders it. */
export interface Post {
  readonly id: number
  readonly type: "post" | "page"
  readonly status: "publish" | "private"
  readonly slug: string
  readonly title: string
  readonly content: string
  readonly excerpt: string
  readonly at: Date
  readonly modified: Date
  readonly author: number
  readonly featuredMedia: number
  readonly categories: ReadonlyArray<number>
  readonly tags: ReadonlyArray<number>
  readonly sticky: boolean
  readonly parent: number
  readonly order: number
  readonly password: boolean
  /** The slug the post had before; its old address leads to the new one. */
  readonly formerSlug: string | undefined
}

/** What a reader wrote under a post. */
export interface Comment {
  readonly id: number
  readonly post: number
  readonly parent: number
  readonly author: string
  readonly at: Date
  readonly content: string
}

/** Everything the site has to show. */
export interface Content {
  readonly posts: ReadonlyArray<Post>
  readonly authors: ReadonlyArray<Author>
  readonly terms: ReadonlyArray<Term>
  readonly media: ReadonlyArray<Medium>
  readonly comments: ReadonlyArray<Comment>
  /** The ids of the posts that troubles with answering befall, by the trouble. */
  readonly victims: Readonly<Record<Victim, number>>
}

/** The troubles with answering that befall one post each. */
export type Victim =
  | "moved"
  | "heals"
  | "limited"
  | "truncated"
  | "deleted"
  | "byteOrderMark"
  | "notice"
  | "nonce"
  | "slow"
  | "mislabelled"
