import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Names from "effect-tracing/scraper"
import { Scraper } from "effect-tracing/scraper"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"

/** The span of an effect, once it has ended. */
const spanOf = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function*() {
    yield* Effect.exit(Effect.withSpan(effect, "item"))
    return yield* (yield* RecordedSpans).named("item")
  }).pipe(Effect.provide(TestTracing.layer()))

describe("Scraper.item", () => {
  it("names only what is known", () => {
    assert.deepStrictEqual(Scraper.item({ url: "https://b/1", type: "post", id: 1 }), {
      "scraper.item.url": "https://b/1",
      "scraper.item.type": "post",
      "scraper.item.id": "1"
    })
    assert.deepStrictEqual(Scraper.item({ url: "https://b/1" }), { "scraper.item.url": "https://b/1" })
  })
})

describe("Scraper.outcome", () => {
  it.effect("says what came of the item and leaves the status alone", () =>
    Effect.gen(function*() {
      const span = yield* spanOf(Scraper.outcome("gone", "answered 404"))
      assert.strictEqual(span.attributes.get(Names.ATTR_SCRAPER_OUTCOME), "gone")
      assert.strictEqual(span.attributes.get(Names.ATTR_SCRAPER_OUTCOME_REASON), "answered 404")
      assert.strictEqual(span.statusCode, "unset")
    }))
})

describe("Scraper.attempt and Scraper.retry", () => {
  it.effect("count attempts and tell why one failed", () =>
    Effect.gen(function*() {
      const span = yield* spanOf(Effect.all([Scraper.attempt, Scraper.retry(1, "answered 500"), Scraper.attempt]))
      assert.strictEqual(span.attributes.get(Names.ATTR_SCRAPER_ATTEMPTS), 2)
      assert.deepStrictEqual(span.events.map((event) => event.name), [Names.EVENT_SCRAPER_RETRY])
      assert.deepStrictEqual(span.events[0]?.attributes?.toRecord(), {
        "scraper.retry.attempt": 1,
        "scraper.retry.reason": "answered 500"
      })
    }))
})

describe("Scraper.waited", () => {
  it.effect("adds up all waits in seconds, and makes events of those worth one", () =>
    Effect.gen(function*() {
      const span = yield* spanOf(Effect.all([
        Scraper.waited("politeness", 10),
        Scraper.waited("retry_after", 1000),
        Scraper.waited("back_off", 250)
      ]))
      assert.strictEqual(span.attributes.get(Names.ATTR_SCRAPER_WAITED), 1.26)
      assert.deepStrictEqual(span.events.map((event) => event.attributes?.toRecord()), [
        { "scraper.wait.reason": "retry_after", "scraper.wait.duration": 1 },
        { "scraper.wait.reason": "back_off", "scraper.wait.duration": 0.25 }
      ])
    }))
})

describe("Scraper.robots", () => {
  it.effect("records what a robots.txt asks for and what it forbids", () =>
    Effect.gen(function*() {
      const span = yield* spanOf(Effect.all([
        Scraper.robots({ host: "b", crawlDelaySeconds: 2 }),
        Scraper.robots({ host: "c" }),
        Scraper.robotsForbade("https://b/private")
      ]))
      assert.deepStrictEqual(span.events.map((event) => [event.name, event.attributes?.toRecord()]), [
        [Names.EVENT_SCRAPER_ROBOTS, { "scraper.robots.host": "b", "scraper.robots.crawl_delay": 2 }],
        [Names.EVENT_SCRAPER_ROBOTS, { "scraper.robots.host": "c" }],
        [Names.EVENT_SCRAPER_ROBOTS_FORBIDDEN, { "scraper.robots.url": "https://b/private" }]
      ])
    }))
})

describe("every verb", () => {
  it.effect("does nothing outside a span", () =>
    Effect.all([
      Scraper.outcome("scraped"),
      Scraper.attempt,
      Scraper.retry(1, "x"),
      Scraper.waited("politeness", 100),
      Scraper.robots({ host: "b" }),
      Scraper.robotsForbade("https://b")
    ]))
})
