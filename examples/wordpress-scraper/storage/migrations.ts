import { Effect } from "effect"
import { Migrator, SqlClient } from "effect/sql"

const createTables = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE posts (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      site text NOT NULL,
      key text NOT NULL,
      path text NOT NULL,
      wordpress_id bigint,
      type text NOT NULL CHECK (type IN ('post', 'page')),
      slug text NOT NULL,
      url text NOT NULL,
      title text NOT NULL,
      author text,
      published_at timestamptz,
      modified_at timestamptz,
      categories jsonb NOT NULL,
      tags jsonb NOT NULL,
      media jsonb NOT NULL,
      protected boolean NOT NULL,
      html text NOT NULL,
      text text NOT NULL,
      word_count integer NOT NULL,
      content_hash text NOT NULL,
      revision integer NOT NULL DEFAULT 1,
      fetched_at timestamptz NOT NULL,
      trace_id text NOT NULL,
      deleted_at timestamptz,
      UNIQUE (site, key)
    )`
  yield* sql`CREATE INDEX posts_path ON posts (site, path)`
  yield* sql`
    CREATE TABLE post_revisions (
      post_id bigint NOT NULL REFERENCES posts (id),
      revision integer NOT NULL,
      url text NOT NULL,
      title text NOT NULL,
      author text,
      modified_at timestamptz,
      categories jsonb NOT NULL,
      tags jsonb NOT NULL,
      html text NOT NULL,
      text text NOT NULL,
      content_hash text NOT NULL,
      fetched_at timestamptz NOT NULL,
      trace_id text NOT NULL,
      replaced_at timestamptz NOT NULL,
      PRIMARY KEY (post_id, revision)
    )`
  yield* sql`
    CREATE TABLE scrape_runs (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      site text NOT NULL,
      item_limit integer,
      started_at timestamptz NOT NULL,
      finished_at timestamptz,
      trace_id text NOT NULL
    )`
  yield* sql`CREATE INDEX scrape_runs_site ON scrape_runs (site, id)`
  yield* sql`
    CREATE TABLE scrape_items (
      site text NOT NULL,
      key text NOT NULL,
      run_id bigint NOT NULL REFERENCES scrape_runs (id),
      ordinal bigint GENERATED ALWAYS AS IDENTITY,
      path text NOT NULL,
      type text NOT NULL,
      wordpress_id bigint,
      url text NOT NULL,
      listed boolean NOT NULL,
      outcome text,
      reason text,
      trace_id text,
      finished_at timestamptz,
      PRIMARY KEY (site, key)
    )`
  yield* sql`CREATE INDEX scrape_items_pending ON scrape_items (run_id, ordinal) WHERE outcome IS NULL`
  yield* sql`COMMENT ON TABLE posts IS 'Posts and pages as last read; deleted_at marks those that the site no longer has'`
  yield* sql`COMMENT ON TABLE post_revisions IS 'What posts were before they changed'`
  yield* sql`COMMENT ON TABLE scrape_runs IS 'Runs; one without finished_at was interrupted and is gone on with'`
  yield* sql`COMMENT ON TABLE scrape_items IS 'What the last run of each site discovered, and what it has done'`
})

/**
 * Brings the database up to date. Two processes that do so at once wait for each other.
 *
 * @category constructors
 * @since 0.1.0
 */
export const migrate = Migrator.make({})({
  table: "wordpress_scraper_migrations",
  loader: Migrator.fromRecord({ "1_create_tables": createTables })
}).pipe(Effect.withSpan("migrate_database"))
