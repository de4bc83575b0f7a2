import type { Effect } from "effect"
import type { RequestFailed } from "../errors.ts"
import type { ItemReading, ItemReference } from "./Item.ts"

/**
 * One way to get at the items of a site: its REST API, or its sitemap and HTML pages.
 *
 * @category models
 * @since 0.1.0
 */
export interface Source {
  /** Says how the site is read, for the person who watches. */
  readonly description: string
  /**
   * Lists the published posts and pages, newest first as far as the site tells, each once, at most `limit`, and hands
   * each batch to `found`.
   */
  readonly list: <E>(
    limit: number,
    found: (items: ReadonlyArray<ItemReference>) => Effect.Effect<void, E>
  ) => Effect.Effect<void, E | RequestFailed>
  /** Looks at one item. */
  readonly read: (reference: ItemReference) => Effect.Effect<ItemReading, RequestFailed>
}
