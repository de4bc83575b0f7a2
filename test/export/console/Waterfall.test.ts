import { assert, describe, it } from "@effect/vitest"
import type { EndedSpan } from "effect-tracing/model"
import { stripVTControlCharacters } from "node:util"
import { render } from "../../../src/export/console/Waterfall.ts"
import { defaultTraceId, endedSpan } from "../../support/endedSpan.ts"

const picture = (...lines: ReadonlyArray<string>): string => lines.join("\n") + "\n"

const linesOf = (text: string): Array<string> => text.trimEnd().split("\n")

describe("Waterfall.render", () => {
  it("shows an item's trace: tree, bars, durations, what matters of each kind of span", () => {
    const item = endedSpan({
      name: "scrape_wordpress_post",
      durationMillis: 400,
      attributes: { "post.id": 12 },
      links: [{ traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" }]
    })
    const url = "https://user:pass@blog.example/wp-json/wp/v2/posts/12"
    const failing = endedSpan({
      name: "GET",
      kind: "client",
      parent: item,
      durationMillis: 100,
      status: "error",
      attributes: {
        "http.request.method": "GET",
        "http.response.status_code": 503,
        "url.full": url,
        "error.type": "503"
      }
    })
    const spans = [
      item,
      failing,
      endedSpan({
        name: "GET /wp/v2/posts/:id",
        kind: "server",
        parent: failing,
        parentIsRemote: true,
        startMillis: 10,
        durationMillis: 80,
        status: "error",
        attributes: {
          "http.request.method": "GET",
          "http.response.status_code": 503,
          "url.path": "/wp/v2/posts/12",
          "url.query": "_embed=1",
          "error.type": "503"
        }
      }),
      endedSpan({
        name: "GET",
        kind: "client",
        parent: item,
        startMillis: 200,
        durationMillis: 75,
        attributes: {
          "http.request.method": "GET",
          "http.response.status_code": 200,
          "http.request.resend_count": 1,
          "url.full": url
        }
      }),
      endedSpan({ name: "parse", parent: item, startMillis: 276, durationMillis: 0.34, attributes: { words: 340 } }),
      endedSpan({
        name: "INSERT posts",
        kind: "client",
        parent: item,
        startMillis: 300,
        durationMillis: 100,
        attributes: {
          "db.system.name": "postgresql",
          "db.collection.name": "posts",
          "db.response.returned_rows": 1
        }
      })
    ]
    assert.strictEqual(
      render(spans, { service: "blog-scraper" }),
      picture(
        "● scrape_wordpress_post · 400 ms · 6 spans · 2 errors · blog-scraper",
        "  trace 0af7651916cd43dd8448eb211c80319c",
        "  scrape_wordpress_post    ██████████████████████████ 400 ms  post.id=12  ↗ 4bf92f35",
        "✗ ├╴GET                    ██████▌                    100 ms  503  …g.example/wp-json/wp/v2/posts/12",
        "✗ │ └╴GET /wp/v2/posts/:id ▐████▉                      80 ms  503  /wp/v2/posts/12?_embed=1",
        "  ├╴GET                                 ████▉          75 ms  200  resend 1  …wp-json/wp/v2/posts/12",
        "  ├╴parse                                    ▏        340 µs  words=340",
        "  └╴INSERT posts                              ▐██████ 100 ms  1 row"
      )
    )
  })

  it("folds similar siblings into the slowest and a line for the rest, and keeps every error with its message", () => {
    const run = endedSpan({ name: "scrape run", durationMillis: 2000 })
    const posts = Array.from(
      { length: 215 },
      (_, i) => endedSpan({ name: "scrape post", parent: run, startMillis: i * 9, durationMillis: i + 1 })
    )
    const failed = endedSpan({
      name: "scrape post",
      parent: run,
      startMillis: 1000,
      durationMillis: 50,
      status: "error",
      statusMessage: "gave up after 3 attempts",
      attributes: { "error.type": "FetchError" }
    })
    assert.strictEqual(
      render([run, failed, ...posts], { width: 80 }),
      picture(
        "● scrape run · 2.14 s · 217 spans · 1 error",
        "  trace 0af7651916cd43dd8448eb211c80319c",
        "  scrape run             ██████████████████████▍  2.00 s",
        "✗ ├╴scrape post                     ▐              50 ms",
        "  │   FetchError: gave up after 3 attempts",
        "  ├╴scrape post                               ▐█▊ 213 ms",
        "  ├╴scrape post                               ▐█▉ 214 ms",
        "  ├╴scrape post                               ▐██ 215 ms",
        "  └╴… 212 more like this ▃▃▄▄▄▄▅▅▅▆▆▆▆▇▇▇▇████▇▄▂         p50 106 ms, p95 202 ms"
      )
    )
  })

  it("says the numbers of a fold in one sentence where columns are too narrow for them", () => {
    const run = endedSpan({ name: "run", durationMillis: 100 })
    const items = Array.from(
      { length: 20 },
      (_, i) => endedSpan({ name: "item", parent: run, startMillis: i, durationMillis: i + 1 })
    )
    assert.include(render([run, ...items], { width: 50 }), "  └╴… 17 more like this, p50 9.0 ms, p95 17 ms\n")
  })

  it("shows what became of scraped items, and what it took", () => {
    const runTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
    const item = endedSpan({
      name: "scrape_post",
      durationMillis: 2000,
      attributes: {
        "work.run.trace_id": runTrace,
        "scraper.outcome": "scraped",
        "scraper.attempts": 3,
        "scraper.item.type": "post",
        "scraper.item.id": "12"
      },
      links: [{ traceId: runTrace, spanId: "00f067aa0ba902b7" }],
      events: [
        {
          name: "scraper.wait",
          attributes: { "scraper.wait.reason": "politeness", "scraper.wait.duration": 0.2 }
        },
        {
          name: "scraper.retry",
          atMillis: 240,
          attributes: { "scraper.retry.attempt": 1, "scraper.retry.reason": "429" }
        },
        {
          name: "scraper.wait",
          atMillis: 240,
          attributes: { "scraper.wait.reason": "retry_after", "scraper.wait.duration": 1.5 }
        }
      ]
    })
    const gone = endedSpan({
      name: "scrape_post",
      parent: item,
      attributes: {
        // Two pages of a list, each at the first attempt.
        "scraper.attempts": 2,
        "scraper.outcome": "gone",
        "scraper.outcome.reason": "404",
        "scraper.item.url": "https://blog.example/hello/"
      }
    })
    assert.strictEqual(
      render([item, gone]),
      picture(
        "● scrape_post · 2.00 s · 2 spans                              trace 0af7651916cd43dd8448eb211c80319c",
        "  scrape_post   ███████████████████████████████ 2.00 s  scraped  3 attempts  post 12  ↗ run 4bf92f35",
        "  │ · +240 ms attempt 1 failed: 429",
        "  │ · +240 ms waits 1.50 s (retry_after)",
        "  └╴scrape_post ▏                               1.0 ms  gone: 404  blog.example/hello"
      )
    )
  })

  it("names the message that is sent or processed, and leaves out the correlation id that all spans of the work have", () => {
    const span = endedSpan({
      name: "send jobs",
      kind: "producer",
      attributes: {
        "correlation.id": "order-1",
        "messaging.system": "postgresql",
        "messaging.message.id": "12",
        mine: "x"
      }
    })
    const [, row = ""] = linesOf(render([span]))
    assert.include(row, "message 12  mine=x")
    assert.notInclude(row, "correlation")
  })

  it("marks missing and remote parents, odd clocks, interruption and explicit success", () => {
    const main = endedSpan({ name: "main", durationMillis: 100 })
    const hour = 3_600_000
    const spans = [
      main,
      endedSpan({ name: "daemon", parent: main, startMillis: 50, durationMillis: 150 }),
      endedSpan({ name: "early clock", parent: main, startMillis: -hour, durationMillis: 10 }),
      endedSpan({ name: "early overlapping", parent: main, startMillis: -50, durationMillis: 100 }),
      endedSpan({ name: "late clock", parent: main, startMillis: hour, durationMillis: 10 }),
      endedSpan({ name: "lost", parentSpanId: "00000000000000aa", startMillis: 20, durationMillis: 20 }),
      endedSpan({
        name: "served",
        parentSpanId: "00000000000000ab",
        parentIsRemote: true,
        startMillis: 30,
        durationMillis: 20
      }),
      endedSpan({ name: "said to be ok", parent: main, durationMillis: 0, status: "ok" }),
      endedSpan({
        name: "stopped",
        parent: main,
        startMillis: 60,
        durationMillis: 5,
        attributes: { "effect.fiber.interrupted": true },
        events: [
          { name: "exception", atMillis: 61, attributes: { "exception.type": "Flaky", "exception.message": "once" } },
          { name: "retry_wait", atMillis: 62, attributes: { delay: "100 ms" } },
          { name: "cache_miss", atMillis: 62 }
        ]
      })
    ]
    assert.strictEqual(
      render(spans, { width: 80 }),
      picture(
        "● main · 200 ms · 9 spans                 trace 0af7651916cd43dd8448eb211c80319c",
        "  main                █████████████████                  100 ms",
        "  ├╴early clock       ◂                                   10 ms",
        "  ├╴early overlapping ◂███████▌                          100 ms",
        "✓ ├╴said to be ok     ▏                                    0 µs",
        "  ├┄lost                 ▐██▊                             20 ms  parent not here",
        "  ├┄served                 ███▌                           20 ms  remote parent",
        "  ├╴daemon                    ▐█████████████████████████ 150 ms",
        "⊘ ├╴stopped                     █                        5.0 ms  interrupted",
        "  │   · +1.0 ms Flaky: once",
        "  │   · +2.0 ms retry_wait delay=100 ms",
        "  └╴late clock                                         ▸  10 ms"
      )
    )
  })

  it("tells an error's message once, where it arose, and its type above", () => {
    const outer = endedSpan({
      name: "outer",
      status: "error",
      statusMessage: "Boom: it broke",
      durationMillis: 4,
      attributes: { "error.type": "Boom" }
    })
    const inner = endedSpan({
      name: "inner",
      parent: outer,
      status: "error",
      statusMessage: "Boom: it broke",
      durationMillis: 3,
      attributes: { "error.type": "Boom" },
      events: [{ name: "exception", attributes: { "exception.type": "Boom", "exception.message": "Boom: it broke" } }]
    })
    assert.strictEqual(
      render([inner, outer], { width: 60 }),
      picture(
        "● outer · 4.0 ms · 2 spans · 2 errors",
        "  trace 0af7651916cd43dd8448eb211c80319c",
        "✗ outer   █████████████████████████████████████ 4.0 ms  Boom",
        "✗ └╴inner ███████████████████████████▊          3.0 ms",
        "      Boom: it broke"
      )
    )
  })

  it("shows spans side by side where none of them is the root", () => {
    const spans = [
      endedSpan({ name: "a", parentSpanId: "00000000000000aa" }),
      endedSpan({ name: "b", parentSpanId: "00000000000000ab", startMillis: 2 })
    ]
    assert.strictEqual(
      render(spans, { width: 60 }),
      picture(
        "● root not here · 3.0 ms · 2 spans",
        "  trace 0af7651916cd43dd8448eb211c80319c",
        "  a ██████████▋                      1.0 ms  parent not here",
        "  b                      ▐██████████ 1.0 ms  parent not here"
      )
    )
  })

  it("lines up columns after wide characters, emoji and combining marks", () => {
    const root = endedSpan({ name: "root", durationMillis: 8 })
    const names = ["标题", "👩‍👩‍👧 family", "e\u0301te\u0301", "plain"]
    const lines = linesOf(render([root, ...names.map((name) => endedSpan({ name, parent: root, durationMillis: 8 }))]))
    const expected = ["root       ", "├╴标题     ", "├╴👩‍👩‍👧 family", "├╴e\u0301te\u0301      ", "└╴plain    "]
    for (const [i, line] of lines.slice(1).entries()) {
      assert.isTrue(line.startsWith(`  ${expected[i]} █`), line)
    }
  })

  it("shows control characters of names, messages and attributes as pictures", () => {
    const hostile = "\u001b]0;owned\u0007\u001b[2J\r\nnext\u009b31m\u202egnp.exe\ud800"
    const text = render([
      endedSpan({ name: hostile, status: "error", statusMessage: hostile, attributes: { title: hostile } })
    ], { width: 160, service: hostile })
    assert.include(text, "␛]0;owned␇␛[2J  next�31m�gnp.exe�")
    // oxlint-disable-next-line no-control-regex
    assert.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    assert.isTrue(text.isWellFormed())
  })

  it("writes no colour unless asked, and the same text with colour", () => {
    const root = endedSpan({ name: "root", durationMillis: 10 })
    const spans = [
      root,
      endedSpan({ name: "broken", parent: root, status: "error", statusMessage: "why", durationMillis: 4 })
    ]
    const plain = render(spans)
    const colored = render(spans, { color: true })
    assert.notInclude(plain, "\u001b")
    assert.include(colored, "\u001b[31mbroken")
    assert.strictEqual(
      linesOf(stripVTControlCharacters(colored)).map((line) => line.trimEnd()).join("\n") + "\n",
      plain
    )
  })

  it("separates traces by an empty line, and is empty for no spans", () => {
    const other = "1af7651916cd43dd8448eb211c80319c"
    const text = render([endedSpan({ name: "a" }), endedSpan({ name: "b", traceId: other })])
    const [first, second] = text.split("\n\n")
    assert.include(first, defaultTraceId)
    assert.include(second, other)
    assert.strictEqual(render([]), "")
  })

  it("shows spans that are each other's ancestors, each once", () => {
    const a = "00000000000000a1"
    const b = "00000000000000b1"
    const lines = linesOf(render([
      endedSpan({ name: "first", spanId: a, parentSpanId: b }),
      endedSpan({ name: "second", spanId: b, parentSpanId: a }),
      endedSpan({ name: "own parent", spanId: "00000000000000c1", parentSpanId: "00000000000000c1" })
    ]))
    for (const name of ["first", "second", "own parent"]) {
      assert.strictEqual(lines.slice(1).filter((line) => line.includes(name)).length, 1, name)
    }
  })

  it("draws a chain 20,000 deep, and the error at its bottom", () => {
    const spans: Array<EndedSpan> = [endedSpan({ name: "root", durationMillis: 20_000 })]
    for (let i = 1; i < 20_000; i++) {
      spans.push(endedSpan({
        name: `level ${i}`,
        parent: spans[i - 1],
        startMillis: i,
        durationMillis: 20_000 - i,
        ...(i === 19_999 ? { status: "error", statusMessage: "the bottom" } : {})
      }))
    }
    const text = render(spans)
    assert.include(text, "20,000 spans · 1 error")
    assert.include(text, "the bottom")
    assert.include(text, "spans inside")
    assert.isAtMost(linesOf(text).length, 20)
  })

  it("keeps to maxRows in a trace of 50,000 spans of 50,000 names", () => {
    const root = endedSpan({ name: "root", durationMillis: 50_000 })
    const spans = Array.from(
      { length: 49_999 },
      (_, i) => endedSpan({ name: `page ${i}`, parent: root, startMillis: i, durationMillis: i % 71 })
    )
    const lines = linesOf(render([root, ...spans], { maxRows: 12 }))
    assert.strictEqual(lines.length, 1 + 12)
    assert.include(lines.at(-1), "… 49,989 others")
  })

  it("shows each of 150,000 errors side by side", () => {
    const root = endedSpan({ name: "root" })
    const errors = Array.from({ length: 150_000 }, () => endedSpan({ name: "item", parent: root, status: "error" }))
    assert.strictEqual(linesOf(render([root, ...errors])).filter((line) => line.startsWith("✗ ")).length, 150_000)
  })
})
