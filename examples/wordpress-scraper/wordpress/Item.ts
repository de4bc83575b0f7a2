import type { DateTime } from "effect"

/**
 * What is scraped: WordPress calls both of them posts, and numbers them in one row.
 *
 * @category models
 * @since 0.1.0
 */
export type ItemType = "post" | "page"

/**
 * An item as a listing names it, before it is read.
 *
 * @category models
 * @since 0.1.0
 */
export interface ItemReference {
  /** Names the item within its site, the same in every run: `wp:17`, or `path:hello-world` where no id is known. */
  readonly key: string
  readonly type: ItemType
  /** Only the REST API tells it before the item is read. */
  readonly wordpressId: number | undefined
  readonly url: string
}

/**
 * A category or a tag.
 *
 * @category models
 * @since 0.1.0
 */
export interface Term {
  readonly id: number | undefined
  readonly name: string
}

/**
 * A picture, sound or film that belongs to an item.
 *
 * @category models
 * @since 0.1.0
 */
export interface Media {
  readonly url: string
  readonly alternativeText: string
  readonly featured: boolean
}

/**
 * An item as it was read.
 *
 * @category models
 * @since 0.1.0
 */
export interface Item {
  readonly wordpressId: number | undefined
  readonly type: ItemType
  readonly slug: string
  /** The canonical URL. */
  readonly url: string
  /** Plain text; may be empty. */
  readonly title: string
  readonly author: string | undefined
  readonly publishedAt: DateTime.Utc | undefined
  readonly modifiedAt: DateTime.Utc | undefined
  readonly categories: ReadonlyArray<Term>
  readonly tags: ReadonlyArray<Term>
  readonly media: ReadonlyArray<Media>
  /** Whether a password protects it; its content is unknown then. */
  readonly protected: boolean
  /** The content as the site renders it; empty when protected. */
  readonly html: string
}

/**
 * What came of looking at an item.
 *
 * @category models
 * @since 0.1.0
 */
export type ItemReading =
  | { readonly _tag: "Read"; readonly item: Item }
  /** Listed, but not there any more. */
  | { readonly _tag: "Gone"; readonly reason: string }
  /** There, but neither a post nor a page: an archive that a sitemap lists. */
  | { readonly _tag: "NotAnItem" }
