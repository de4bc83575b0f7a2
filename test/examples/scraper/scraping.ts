import { Effect, Layer } from "effect"
import { TestTracing } from "effect-tracing/testing"
import pc from "picocolors"
import { scrape } from "../../../examples/wordpress-scraper/pipeline/run.ts"
import { Tally } from "../../../examples/wordpress-scraper/pipeline/Tally.ts"
import { Terminal } from "../../../examples/wordpress-scraper/report/Terminal.ts"
import { services } from "../../../examples/wordpress-scraper/services.ts"

/** Nobody watches. */
const silent = Layer.succeed(Terminal, {
  print: () => Effect.void,
  show: () => Effect.void,
  interactive: false,
  columns: 100,
  colors: pc.createColors(false),
  color: false
})

/** Scrapes a site into a database, as the program does. */
export const scrapeSite = Effect.fnUntraced(function*(
  url: string,
  databaseUrl: string,
  options: { readonly limit?: number; readonly concurrency?: number } = {}
) {
  const tally = new Tally()
  yield* scrape(tally, { limit: options.limit, concurrency: options.concurrency ?? 4 }).pipe(
    Effect.provide(services({ url, databaseUrl, site: undefined, fleeting: true })),
    Effect.withSpan("scrape run", { root: true })
  )
  return tally
}, Effect.provide(silent))

/** Records the spans of a test. */
export const recorded = TestTracing.layer()
