import { Effect } from "effect"
import { Migrator, SqlClient } from "effect/sql"

const createTables = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE scrape_jobs (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      url text NOT NULL,
      site text NOT NULL,
      item_limit integer,
      priority smallint NOT NULL,
      state text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
      attempt integer NOT NULL DEFAULT 0,
      max_attempts integer NOT NULL,
      run_after timestamptz NOT NULL DEFAULT now(),
      worker text,
      lease_until timestamptz,
      carrier jsonb NOT NULL,
      cancel_carrier jsonb,
      correlation_id text,
      trace_id text,
      submitted_at timestamptz NOT NULL DEFAULT now(),
      ended_at timestamptz,
      progress jsonb,
      result jsonb,
      error text
    )`
  yield* sql`CREATE INDEX scrape_jobs_queued ON scrape_jobs (priority DESC, id) WHERE state = 'queued'`
  // One job a site at a time, whoever claims them at once.
  yield* sql`CREATE UNIQUE INDEX scrape_jobs_running ON scrape_jobs (site) WHERE state = 'running'`
  yield* sql`
    CREATE TABLE scrape_job_attempts (
      job_id integer NOT NULL REFERENCES scrape_jobs (id),
      attempt integer NOT NULL,
      worker text NOT NULL,
      carrier jsonb NOT NULL,
      trace_id text,
      started_at timestamptz NOT NULL DEFAULT now(),
      ended_at timestamptz,
      outcome text CHECK (outcome IN ('succeeded', 'failed', 'cancelled', 'released', 'lost')),
      error text,
      PRIMARY KEY (job_id, attempt)
    )`
  yield* sql`COMMENT ON COLUMN scrape_jobs.carrier IS 'Trace context and correlation id of the request, as message headers'`
  yield* sql`COMMENT ON COLUMN scrape_jobs.cancel_carrier IS 'The same of the request to cancel; null while there is none'`
  yield* sql`COMMENT ON COLUMN scrape_job_attempts.carrier IS 'The same of the attempt, for the next one to link to'`
})

/**
 * Brings the tables of the queue up to date. Two processes that do so at once wait for each other.
 *
 * @category constructors
 * @since 0.1.0
 */
export const migrateQueue = Migrator.make({})({
  table: "scraper_api_migrations",
  loader: Migrator.fromRecord({ "1_create_tables": createTables })
}).pipe(Effect.withSpan("migrate_queue"))
