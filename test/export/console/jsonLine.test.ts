import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { jsonLine } from "effect-tracing/export"
import { endedSpan } from "../../support/endedSpan.ts"

describe("jsonLine", () => {
  it("has the same keys in the same order for the plainest span and the fullest", () => {
    const full = endedSpan({
      name: "GET",
      kind: "client",
      spanId: "00000000000000b1",
      parentSpanId: "00000000000000a1",
      startMillis: 0.000_25,
      durationMillis: 12.5,
      status: "error",
      statusMessage: "refused",
      attributes: { "http.request.method": "GET", "server.port": 443, ok: false, tags: ["a", "b"], ratio: Number.NaN },
      events: [{ name: "exception", atMillis: 3, attributes: { "exception.message": "refused" } }],
      links: [{ traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" }]
    })
    assert.strictEqual(
      jsonLine(full, "blog-scraper"),
      `{"time":"2026-01-02T03:04:05.000000250Z","durationMs":12.5,"traceId":"0af7651916cd43dd8448eb211c80319c",` +
        `"spanId":"00000000000000b1","parentSpanId":"00000000000000a1","name":"GET","kind":"client","status":"error",` +
        `"statusMessage":"refused","attributes":{"http.request.method":"GET","server.port":443,"ok":false,` +
        `"tags":["a","b"],"ratio":"NaN"},"events":[{"time":"2026-01-02T03:04:05.003000000Z","name":"exception",` +
        `"attributes":{"exception.message":"refused"}}],"links":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736",` +
        `"spanId":"00f067aa0ba902b7","attributes":{}}],"service.name":"blog-scraper"}`
    )
    const plain = endedSpan({ name: "plain" })
    assert.deepStrictEqual(
      Object.keys(JSON.parse(jsonLine(plain, undefined))),
      Object.keys(JSON.parse(jsonLine(full, "blog-scraper")))
    )
  })

  it.prop(
    "gives back any text that is well formed, on one line",
    [Schema.String, Schema.String],
    ([name, value]) => {
      const line = jsonLine(endedSpan({ name, attributes: { [`key ${name}`]: value } }), undefined)
      const parsed = JSON.parse(line)
      assert.strictEqual(parsed.name, name)
      assert.strictEqual(parsed.attributes[`key ${name}`], value)
      // oxlint-disable-next-line no-control-regex
      assert.notMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/)
    }
  )

  it("writes times before 1970", () => {
    const line = jsonLine(endedSpan({ name: "old", startMillis: -Date.UTC(2026, 0, 2, 3, 4, 5) - 1.5 }), undefined)
    assert.match(JSON.parse(line).time, /^1969-12-31T23:59:59\.99850\d{4}Z$/)
  })
})
