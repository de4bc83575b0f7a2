import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schedule } from "effect"
import { makeClientAddress } from "effect-tracing/http"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { ask, blog, port } from "./blog.ts"

type Headers = Readonly<Record<string, string | undefined>>

const trusted = new Set(["10.0.0.1", "10.0.0.2", "2001:db8::1"])
const clientAddress = makeClientAddress((address) => trusted.has(address))

const rows: ReadonlyArray<
  readonly [rule: string, headers: Headers, peer: string | undefined, client: string | undefined]
> = [
  ["without headers the client is the peer", {}, "203.0.113.7", "203.0.113.7"],
  [
    "a stranger is not believed",
    { "x-forwarded-for": "6.6.6.6", forwarded: "for=6.6.6.6" },
    "203.0.113.7",
    "203.0.113.7"
  ],
  ["a peer that is gone is nobody", { "x-forwarded-for": "6.6.6.6" }, undefined, undefined],
  ["a trusted peer is believed", { "x-forwarded-for": "203.0.113.7" }, "10.0.0.1", "203.0.113.7"],
  ["what a stranger sent along is not", { "x-forwarded-for": "6.6.6.6, 203.0.113.7" }, "10.0.0.1", "203.0.113.7"],
  ["trusted proxies are passed", { "x-forwarded-for": "203.0.113.7, 10.0.0.2" }, "10.0.0.1", "203.0.113.7"],
  ["a list of trusted ones begins with the client", { "x-forwarded-for": "10.0.0.2" }, "10.0.0.1", "10.0.0.2"],
  ["a trusted peer that says nothing is the client", {}, "10.0.0.1", "10.0.0.1"],
  ["ports are left out", { "x-forwarded-for": "203.0.113.7:4711" }, "10.0.0.1", "203.0.113.7"],
  ["IPv4 in IPv6 is IPv4", { "x-forwarded-for": "::ffff:203.0.113.7" }, "10.0.0.1", "203.0.113.7"],
  ["IPv6 is taken bare", { "x-forwarded-for": "2001:db8::7" }, "10.0.0.1", "2001:db8::7"],
  ["Forwarded comes first", { forwarded: "for=203.0.113.7", "x-forwarded-for": "6.6.6.6" }, "10.0.0.1", "203.0.113.7"],
  ["parameters have any case and order", { forwarded: "proto=https;For=203.0.113.7;by=x" }, "10.0.0.1", "203.0.113.7"],
  ["IPv6 is quoted", { forwarded: "for=\"[2001:db8:cafe::17]:4711\"" }, "10.0.0.1", "2001:db8:cafe::17"],
  [
    "separators within quotes are text",
    { forwarded: "for=6.6.6.6;host=\"a,b;for=7.7.7.7\", for=203.0.113.7" },
    "10.0.0.1",
    "203.0.113.7"
  ],
  ["a quoted pair is its character", { forwarded: "for=\"203.0.113\\.7\"" }, "10.0.0.1", "203.0.113.7"],
  [
    "the last element that is not trusted counts",
    { forwarded: "for=6.6.6.6, for=203.0.113.7, for=10.0.0.2" },
    "10.0.0.1",
    "203.0.113.7"
  ],
  ["unknown ends the search", { forwarded: "for=6.6.6.6, for=unknown" }, "10.0.0.1", "10.0.0.1"],
  [
    "an obfuscated one ends the search",
    { forwarded: "for=6.6.6.6, for=_hidden, for=10.0.0.2" },
    "10.0.0.1",
    "10.0.0.2"
  ],
  ["an element without for ends the search", { forwarded: "for=6.6.6.6, proto=https" }, "10.0.0.1", "10.0.0.1"],
  ["what is no address is none", { "x-forwarded-for": "<script>" }, "10.0.0.1", "10.0.0.1"],
  ["an empty list says nothing", { "x-forwarded-for": "" }, "10.0.0.1", "10.0.0.1"],
  ["a list too long says nothing", { "x-forwarded-for": "6.6.6.6,".repeat(10_000) }, "10.0.0.1", "10.0.0.1"],
  ["an open quote is no end of the world", { forwarded: "for=\"203.0.113.7" }, "10.0.0.1", "10.0.0.1"]
]

describe("makeClientAddress", () => {
  for (const [rule, headers, peer, client] of rows) {
    it(rule, () => assert.strictEqual(clientAddress(headers, peer), client))
  }
})

describe("client.address", () => {
  const visited = (env: Record<string, string>) =>
    Effect.gen(function*() {
      yield* ask(yield* port, "/posts", { headers: { "x-forwarded-for": "203.0.113.7" } })
      const { all } = yield* RecordedSpans
      const spans = yield* all.pipe(
        Effect.repeat({ schedule: Schedule.spaced("5 millis"), until: (spans) => spans.length > 0, times: 400 })
      )
      return [spans[0]?.attributes.get("client.address"), spans[0]?.attributes.get("network.peer.address")]
    }).pipe(Effect.provide(Layer.provideMerge(blog, TestTracing.layer({ env }))))

  it.live("is the peer's while no peer is trusted", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* visited({}), ["127.0.0.1", "127.0.0.1"])
    }))

  it.live("is what a peer of TRACING_TRUSTED_PEERS says", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* visited({ TRACING_TRUSTED_PEERS: "127.0.0.0/8" }), ["203.0.113.7", "127.0.0.1"])
    }))
})
