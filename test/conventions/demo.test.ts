import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Conventions } from "effect-tracing/conventions"
import { RecordedSpans } from "effect-tracing/testing"
import { embeddedPostgres } from "../../examples/wordpress-scraper/embedded/postgres.ts"
import type { SiteOptions } from "../../examples/wordpress-scraper/site/index.ts"
import { serve } from "../../examples/wordpress-scraper/site/index.ts"
import { recorded, scrapeSite } from "../examples/scraper/scraping.ts"

const rightWith = (name: string, options: SiteOptions) =>
  it.live(name, () =>
    Effect.gen(function*() {
      const site = yield* serve(options)
      const database = yield* embeddedPostgres
      yield* scrapeSite(site.url, database.url, { limit: 40 })
      const spans = yield* (yield* RecordedSpans).all
      assert.isAbove(spans.length, 100)
      assert.deepStrictEqual(
        Conventions.check(spans).map(({ attribute, expected, rule, span }) => [
          rule,
          span.name,
          attribute,
          expected,
          span.attributes.toRecord()
        ]),
        []
      )
    }).pipe(Effect.provide(recorded), Effect.scoped), 60_000)

describe("the spans of the scraper", () => {
  rightWith("are right where nothing goes wrong", { faults: "none" })
  rightWith("are right where much goes wrong", {})
})
