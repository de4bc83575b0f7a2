import { Context, DateTime, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import { Blog } from "../wordpress/Blog.ts"
import { contentHash } from "../wordpress/contentHash.ts"
import type { Item, ItemReference } from "../wordpress/Item.ts"
import { countWords, textOf } from "../wordpress/text.ts"

interface Stored {
  readonly id: number
  readonly key: string
  readonly content_hash: string
  readonly deleted: boolean
}

const dateOf = (time: DateTime.Utc | undefined): Date | null => time === undefined ? null : DateTime.toDateUtc(time)

/** PostgreSQL's text holds neither the character 0 nor half a character. */
const storable = (text: string): string => text.replaceAll("\u0000", "").toWellFormed()

const json = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => typeof part === "string" ? storable(part) : part)

/**
 * Stores posts and pages, each once, with everything they ever were.
 *
 * @category services
 * @since 0.1.0
 */
export class Posts extends Context.Service<Posts, {
  /**
   * Stores an item, unless it is stored with the same content already. What it was before becomes a revision. Part of the
   * caller's transaction.
   */
  readonly store: (
    reference: ItemReference,
    item: Item,
    traceId: string
  ) => Effect.Effect<"scraped" | "unchanged", SqlError>
  /** Marks an item as deleted on the site, if it is stored. */
  readonly markDeleted: (reference: ItemReference) => Effect.Effect<void, SqlError>
}>()("wordpress-scraper/storage/Posts") {
  static readonly layer: Layer.Layer<Posts, never, SqlClient.SqlClient | Blog> = Layer.effect(
    Posts,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { home } = yield* Blog

      /** The stored item: by its id, or by its address where one of the two was read without knowing the id. */
      const find = Effect.fnUntraced(function*(key: string, path: string) {
        const rows = yield* sql<Stored>`
          SELECT id::float8 AS id, key, content_hash, deleted_at IS NOT NULL AS deleted FROM posts
          WHERE site = ${home.site} AND (key = ${key} OR path = ${path})
          ORDER BY key = ${key} DESC FOR UPDATE`
        return rows.find((row) => row.key === key || row.key.startsWith("path:") || key.startsWith("path:"))
      })

      const keepRevision = (id: number, now: Date) =>
        sql`
          INSERT INTO post_revisions
            (post_id, revision, url, title, author, modified_at, categories, tags, html, text, content_hash, fetched_at,
             trace_id, replaced_at)
          SELECT id, revision, url, title, author, modified_at, categories, tags, html, text, content_hash, fetched_at,
            trace_id, ${now}::timestamptz
          FROM posts WHERE id = ${id}::bigint`

      const upsert = (key: string, path: string, item: Item, hash: string, traceId: string, now: Date) => {
        const text = textOf(item.html)
        return sql`
          INSERT INTO posts
            (site, key, path, wordpress_id, type, slug, url, title, author, published_at, modified_at, categories, tags,
             media, protected, html, text, word_count, content_hash, fetched_at, trace_id)
          VALUES (
            ${home.site}, ${key}, ${path}, ${item.wordpressId ?? null}, ${item.type}, ${
          storable(item.slug)
        }, ${item.url},
            ${storable(item.title)}, ${item.author === undefined ? null : storable(item.author)},
            ${dateOf(item.publishedAt)}, ${dateOf(item.modifiedAt)}, ${json(item.categories)}::jsonb,
            ${json(item.tags)}::jsonb, ${json(item.media)}::jsonb,
            ${item.protected}, ${storable(item.html)}, ${storable(text)}, ${
          countWords(text)
        }, ${hash}, ${now}, ${traceId})
          ON CONFLICT (site, key) DO UPDATE SET
            path = excluded.path, wordpress_id = excluded.wordpress_id, type = excluded.type, slug = excluded.slug,
            url = excluded.url, title = excluded.title, author = excluded.author, published_at = excluded.published_at,
            modified_at = excluded.modified_at, categories = excluded.categories, tags = excluded.tags,
            media = excluded.media, protected = excluded.protected, html = excluded.html, text = excluded.text,
            word_count = excluded.word_count, content_hash = excluded.content_hash, fetched_at = excluded.fetched_at,
            trace_id = excluded.trace_id, deleted_at = NULL, revision = posts.revision + 1
          WHERE posts.content_hash <> excluded.content_hash`
      }

      const store = Effect.fnUntraced(function*(reference: ItemReference, item: Item, traceId: string) {
        const now = DateTime.toDateUtc(yield* DateTime.now)
        const path = home.pathOf(item.url)
        const hash = contentHash(item, home)
        const known = item.wordpressId === undefined ? reference.key : `wp:${item.wordpressId}`
        const stored = yield* find(known, path)
        // An id, once known, is kept; an address gives way to it.
        const key = stored !== undefined && known.startsWith("path:") ? stored.key : known
        if (stored !== undefined && (stored.key !== key || stored.deleted)) {
          yield* sql`
            UPDATE posts SET key = ${key}, wordpress_id = coalesce(${item.wordpressId ?? null}::bigint, wordpress_id),
              deleted_at = NULL
            WHERE id = ${stored.id}::bigint`
        }
        if (stored?.content_hash === hash) return "unchanged"
        if (stored !== undefined) yield* keepRevision(stored.id, now)
        yield* upsert(key, path, item, hash, traceId, now)
        return "scraped"
      })

      const markDeleted = Effect.fnUntraced(function*(reference: ItemReference) {
        const now = DateTime.toDateUtc(yield* DateTime.now)
        yield* sql`
          UPDATE posts SET deleted_at = ${now}
          WHERE site = ${home.site} AND key = ${reference.key} AND deleted_at IS NULL`
      })

      return Posts.of({ store, markDeleted })
    })
  )
}
