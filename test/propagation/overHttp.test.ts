import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schedule } from "effect"
import { RecordedSpans, TestTracing } from "effect-tracing/testing"
import { FetchHttpClient, HttpClient, HttpRouter, HttpServer, HttpServerResponse } from "effect/http"
import { Agent, createServer, request as nodeRequest } from "node:http"
import type { IncomingHttpHeaders } from "node:http"
import { hostileValue, propagationHeaders, seeded } from "./hostileHeaders.ts"

/** A server that is called by ours, and what it was sent last. */
class Downstream extends Context.Service<Downstream, { readonly url: string; received: IncomingHttpHeaders }>()(
  "test/Downstream"
) {
  static readonly layer = Layer.effect(
    Downstream,
    Effect.acquireRelease(
      Effect.callback<{ readonly url: string; received: IncomingHttpHeaders; readonly close: () => void }>((resume) => {
        const server = createServer((request, response) => {
          self.received = request.headers
          response.end()
        })
        const self = { url: "", received: {}, close: () => server.close() } as {
          url: string
          received: IncomingHttpHeaders
          close: () => void
        }
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          self.url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`
          resume(Effect.succeed(self))
        })
      }),
      ({ close }) => Effect.sync(close)
    )
  )
}

const routes = HttpRouter.add(
  "GET",
  "/",
  Effect.gen(function*() {
    const { url } = yield* Downstream
    yield* Effect.orDie(HttpClient.get(url))
    return HttpServerResponse.text("ok")
  })
)

const app = (env: Record<string, string> = {}) =>
  HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => createServer({ maxHeaderSize: 2 ** 20 }), {
        port: 0,
        host: "127.0.0.1",
        gracefulShutdownTimeout: 0
      })
    ),
    Layer.orDie,
    Layer.provideMerge(FetchHttpClient.layer),
    Layer.provideMerge(Downstream.layer),
    Layer.provideMerge(TestTracing.layer({ env }))
  )

const agent = new Agent({ keepAlive: true, timeout: 500 })

type Sent = ReadonlyArray<readonly [name: string, value: string]>

/** Sends headers as they are, each on a line of its own, and says what went on and how our server answered. */
const send = (headers: Sent) =>
  Effect.gen(function*() {
    const downstream = yield* Downstream
    downstream.received = {}
    const { address } = yield* HttpServer.HttpServer
    const port = "port" in address ? address.port : 0
    const status = yield* Effect.callback<number>((resume) => {
      const request = nodeRequest({ host: "127.0.0.1", port, agent }, (response) => {
        response.resume().on("end", () => resume(Effect.succeed(response.statusCode ?? 0)))
      })
      const byName = new Map<string, Array<string>>()
      for (const [name, value] of headers) byName.set(name, [...(byName.get(name) ?? []), value])
      for (const [name, values] of byName) request.setHeader(name, values.length === 1 ? values[0]! : values)
      request.on("error", (error) => resume(Effect.die(error)))
      request.end()
    })
    return { status, received: downstream.received }
  })

const traceId = "0af7651916cd43dd8448eb211c80319c"
const spanId = "b7ad6b7169203331"
const parent = `00-${traceId}-${spanId}-01`
const members = (count: number) => Array.from({ length: count }, (_, i) => `k${i}=${i}`).join(",")

interface Case {
  readonly rule: string
  readonly sent: Sent
  /** Whether the sender's trace goes on; default true. */
  readonly goesOn?: boolean
  readonly state?: string | undefined
  readonly flags?: string
}

// 0x20 to 0x7e without comma and equals sign; a blank at the end would be white space.
const everyValueCharacter = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join("").replaceAll(
  /[,=]/g,
  ""
).trim()

/** W3C Trace Context level 2, section by section. */
const cases: ReadonlyArray<Case> = [
  { rule: "2.1 neither traceparent nor tracestate begins a trace", sent: [], goesOn: false },
  { rule: "2.1 a traceparent goes on without a tracestate", sent: [["traceparent", parent]], state: undefined },
  { rule: "3.2.1 the name has no dash", sent: [["trace-parent", parent]], goesOn: false },
  { rule: "3.2.1 the name has no underscore", sent: [["trace_parent", parent]], goesOn: false },
  { rule: "3.2.2 a version is hexadecimal", sent: [["traceparent", `.0${parent.slice(2)}`]], goesOn: false },
  { rule: "3.2.2 a version is lower-case", sent: [["traceparent", `CC${parent.slice(2)}`]], goesOn: false },
  { rule: "3.2.2 a version has not three digits", sent: [["traceparent", `0${parent}`]], goesOn: false },
  { rule: "3.2.2 a version has not one digit", sent: [["traceparent", parent.slice(1)]], goesOn: false },
  {
    rule: "3.2.2.3 a trace id has not 33 digits",
    sent: [["traceparent", parent.replace(traceId, `${traceId}0`)]],
    goesOn: false
  },
  {
    rule: "3.2.2.4 a parent id is hexadecimal",
    sent: [["traceparent", parent.replace(spanId, `.${spanId.slice(1)}`)]],
    goesOn: false
  },
  {
    rule: "3.2.2.4 a parent id has not 15 digits",
    sent: [["traceparent", parent.replace(spanId, spanId.slice(1))]],
    goesOn: false
  },
  { rule: "3.2.2.5 flags have not three digits", sent: [["traceparent", `${parent}1`]], goesOn: false },
  {
    rule: "3.3.1 the name has no dash",
    sent: [["traceparent", parent], ["trace-state", "foo=1"]],
    state: undefined
  },
  {
    rule: "3.3.1 the name has no underscore",
    sent: [["traceparent", parent], ["trace_state", "foo=1"]],
    state: undefined
  },
  { rule: "3.3.1 an empty list is none", sent: [["traceparent", parent], ["tracestate", ""]], state: undefined },
  {
    rule: "3.3.1 an empty header beside another is skipped",
    sent: [["traceparent", parent], ["tracestate", "foo=1"], ["tracestate", ""]],
    state: "foo=1"
  },
  {
    rule: "3.3.1.3.1 a key takes every character of its grammar",
    sent: [["traceparent", parent], ["tracestate", "abcdefghijklmnopqrstuvwxyz0123456789_-*/=1"]],
    state: "abcdefghijklmnopqrstuvwxyz0123456789_-*/=1"
  },
  {
    rule: "3.3.1.3.2 a value takes every character of its grammar",
    sent: [["traceparent", parent], ["tracestate", `foo=${everyValueCharacter}`]],
    state: `foo=${everyValueCharacter}`
  },
  {
    rule: "3.3.1.3.2 a value has at most 256 characters",
    sent: [["traceparent", parent], ["tracestate", `foo=${"v".repeat(257)}`]],
    state: undefined
  },
  {
    rule: "3.3.1.5 512 characters go on",
    sent: [["traceparent", parent], ["tracestate", `foo=${"v".repeat(250)},bar=${"v".repeat(253)}`]],
    state: `foo=${"v".repeat(250)},bar=${"v".repeat(253)}`
  },
  { rule: "3.2.1 the name is read in any case", sent: [["TrAcEpArEnT", parent]] },
  { rule: "3.2.2 version ff is invalid", sent: [["traceparent", `ff${parent.slice(2)}`]], goesOn: false },
  {
    rule: "3.2.2 version 00 has four fields only",
    sent: [["traceparent", `${parent}-more`]],
    goesOn: false
  },
  { rule: "3.2.2 version 00 ends without a dash", sent: [["traceparent", `${parent}-`]], goesOn: false },
  { rule: "3.2.4 a higher version is read by what it shares", sent: [["traceparent", `cc${parent.slice(2)}-what`]] },
  { rule: "3.2.4 a higher version may be 55 characters", sent: [["traceparent", `01${parent.slice(2)}`]] },
  { rule: "3.2.4 beyond them comes a dash", sent: [["traceparent", `cc${parent.slice(2)}.what`]], goesOn: false },
  {
    rule: "3.2.2.3 a trace id of zeros is invalid",
    sent: [["traceparent", parent.replace(traceId, "0".repeat(32))]],
    goesOn: false
  },
  {
    rule: "3.2.2.3 a trace id is hexadecimal",
    sent: [["traceparent", parent.replace(traceId, "g".repeat(32))]],
    goesOn: false
  },
  {
    rule: "3.2.2.3 a trace id is lower-case",
    sent: [["traceparent", parent.replace(traceId, traceId.toUpperCase())]],
    goesOn: false
  },
  {
    rule: "3.2.2.3 a trace id has 32 digits",
    sent: [["traceparent", parent.replace(traceId, traceId.slice(1))]],
    goesOn: false
  },
  {
    rule: "3.2.2.4 a parent id of zeros is invalid",
    sent: [["traceparent", parent.replace(spanId, "0".repeat(16))]],
    goesOn: false
  },
  {
    rule: "3.2.2.4 a parent id has 16 digits",
    sent: [["traceparent", parent.replace(spanId, `${spanId}0`)]],
    goesOn: false
  },
  { rule: "3.2.2.5 flags have two digits", sent: [["traceparent", parent.slice(0, -1)]], goesOn: false },
  { rule: "3.2.2.5 flags are hexadecimal", sent: [["traceparent", `${parent.slice(0, -2)}.0`]], goesOn: false },
  { rule: "3.2.2.5 unknown flags are cleared", sent: [["traceparent", `${parent.slice(0, -2)}ff`]], flags: "03" },
  { rule: "3.2.2.5.1 sampled alone stays alone", sent: [["traceparent", parent]], flags: "01" },
  { rule: "3.2.2.5.2 the random flag goes on", sent: [["traceparent", `${parent.slice(0, -2)}03`]], flags: "03" },
  { rule: "3.2 two traceparents are none", sent: [["traceparent", parent], ["traceparent", parent]], goesOn: false },
  { rule: "3.2 white space around is no part of it", sent: [["traceparent", ` ${parent}\t`]] },
  { rule: "3.3 tracestate alone is none", sent: [["tracestate", "foo=1"]], goesOn: false },
  {
    rule: "3.3 beside an invalid traceparent it is none",
    sent: [["traceparent", "00-"], ["tracestate", "foo=1"]],
    goesOn: false
  },
  { rule: "3.3 it goes on", sent: [["traceparent", parent], ["tracestate", "foo=1,bar=2"]], state: "foo=1,bar=2" },
  {
    rule: "3.3.1 several are one, in order",
    sent: [["traceparent", parent], ["tracestate", "foo=1"], ["tracestate", "bar=2"]],
    state: "foo=1,bar=2"
  },
  {
    rule: "3.3.1 the name is read in any case",
    sent: [["traceparent", parent], ["TraceState", "foo=1"]],
    state: "foo=1"
  },
  {
    rule: "3.3.1.1 white space and empty members are skipped",
    sent: [["traceparent", parent], ["tracestate", "foo=1 \t , \t bar=2, ,"]],
    state: "foo=1,bar=2"
  },
  {
    rule: "3.3.1.1 32 members are taken",
    sent: [["traceparent", parent], ["tracestate", members(32)]],
    state: members(32)
  },
  {
    rule: "3.3.1.1 33 members are none",
    sent: [["traceparent", parent], ["tracestate", members(33)]],
    state: undefined
  },
  {
    rule: "3.3.1.3.1 a key has no capitals",
    sent: [["traceparent", parent], ["tracestate", "FOO=1"]],
    state: undefined
  },
  {
    rule: "3.3.1.3.1 a key has no blanks inside",
    sent: [["traceparent", parent], ["tracestate", "foo =1"]],
    state: undefined
  },
  {
    rule: "3.3.1.3.1 a key comes once",
    sent: [["traceparent", parent], ["tracestate", "foo=1,foo=2"]],
    state: undefined
  },
  {
    rule: "3.3.1.3.1 a key has at most 256 characters",
    sent: [["traceparent", parent], ["tracestate", `${"z".repeat(257)}=1`]],
    state: undefined
  },
  {
    rule: "3.3.1.3.1 a tenant's key has an at sign",
    sent: [["traceparent", parent], ["tracestate", "fw529a3039@dt=FfAA"]],
    state: "fw529a3039@dt=FfAA"
  },
  {
    rule: "3.3.1.3.2 a value has no equals sign",
    sent: [["traceparent", parent], ["tracestate", "foo=bar=baz"]],
    state: undefined
  },
  {
    rule: "3.3.1.3.2 a value is not empty",
    sent: [["traceparent", parent], ["tracestate", "foo=,bar=3"]],
    state: undefined
  }
]

const theServerSpan = Effect.gen(function*() {
  const { all } = yield* RecordedSpans
  const spans = yield* all.pipe(
    Effect.map((spans) => spans.filter(({ kind }) => kind === "server")),
    Effect.repeat({ schedule: Schedule.spaced("2 millis"), until: (spans) => spans.length > 0, times: 500 })
  )
  return spans[0]!
})

describe("W3C Trace Context over HTTP", () => {
  it.live("several requests of one trace are each its children, with ids of their own", () =>
    Effect.gen(function*() {
      const sent = yield* Effect.forEach([1, 2, 3], () => send([["traceparent", parent]]))
      const parents = sent.map(({ received }) => String(received["traceparent"]))
      for (const text of parents) assert.include(text, traceId)
      assert.strictEqual(new Set(parents).size, 3)
    }).pipe(Effect.provide(app())))

  it.live("several requests without a trace are as many traces", () =>
    Effect.gen(function*() {
      const sent = yield* Effect.forEach([1, 2, 3], () => send([["traceparent", "foobar"]]))
      assert.strictEqual(new Set(sent.map(({ received }) => String(received["traceparent"]).slice(3, 35))).size, 3)
    }).pipe(Effect.provide(app())))

  for (const { flags, goesOn = true, rule, sent, state } of cases) {
    it.live(rule, () =>
      Effect.gen(function*() {
        const { received, status } = yield* send(sent)
        assert.strictEqual(status, 200)
        const [version, trace, span, sampled] = String(received["traceparent"]).split("-")
        const server = yield* theServerSpan
        assert.strictEqual(version, "00")
        assert.strictEqual(trace === traceId, goesOn)
        assert.strictEqual(server.parentSpanId, goesOn ? spanId : undefined)
        assert.notStrictEqual(span, spanId)
        assert.strictEqual(received["tracestate"], state)
        if (flags !== undefined) assert.strictEqual(sampled, flags)
      }).pipe(Effect.provide(app())))
  }
})

const b3 = (value: string, env: Record<string, string>) =>
  Effect.gen(function*() {
    const { received } = yield* send([["b3", value]])
    return String(received["b3"]).split("-")[2]
  }).pipe(Effect.provide(app({ OTEL_PROPAGATORS: "b3", TRACING_KEEP_ERRORS: "false", ...env })))

const listed = { TRACING_TRUSTED_PEERS: "127.0.0.1" }

describe("a decision of B3 without ids", () => {
  it.effect("not to sample is obeyed from a neighbour, not from a stranger", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* b3("0", {}), "0")
      assert.strictEqual(yield* b3("0", { TRACING_TRUST_INCOMING: "link" }), "1")
    }))

  it.effect.each(["1", "d"])(
    "to sample (%s) is obeyed from a listed peer, not from a neighbour",
    (value) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* b3(value, { TRACING_SAMPLING_RATE: "0.0001", ...listed }), "1")
        assert.strictEqual(yield* b3(value, { TRACING_SAMPLING_RATE: "0" }), "0")
      })
  )
})

describe("baggage over HTTP", () => {
  const baggage: Sent = [["baggage", "campaign=spring%20sale,api_token=x1Yx1Yx1Yx1Yx1Yx1Y"]]

  it.effect("goes on from a neighbour, secrets taken out", () =>
    Effect.gen(function*() {
      const { received } = yield* send(baggage)
      assert.strictEqual(received["baggage"], "campaign=spring%20sale,api_token=[redacted:token]")
    }).pipe(Effect.provide(app())))

  it.effect("does not go on from a stranger", () =>
    Effect.gen(function*() {
      assert.isUndefined((yield* send(baggage)).received["baggage"])
    }).pipe(Effect.provide(app({ TRACING_TRUST_INCOMING: "link" }))))
})

/** What Node lets through of a value: no line breaks, no control bytes, one byte a character. */
const sendable = (value: string): string =>
  Buffer.from(value.toWellFormed(), "utf8").toString("latin1").replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "")

describe("1,000 hostile values in every propagation header at once", () => {
  it.live("are answered like any request, and neither spans nor requests carry them", () =>
    Effect.gen(function*() {
      const random = seeded(20_26)
      const traces = new Set<string>()
      yield* Effect.forEach(
        Array.from({ length: 1000 }),
        () =>
          Effect.gen(function*() {
            const headers = propagationHeaders.map((name) =>
              [name, sendable(hostileValue(random)).slice(0, 60_000)] as const
            )
            const { received, status } = yield* send(headers)
            assert.strictEqual(status, 200)
            assert.match(String(received["traceparent"]), /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]$/)
            assert.isAtMost(String(received["tracestate"] ?? "").length, 512)
            assert.isAtMost(String(received["baggage"] ?? "").length, 8192)
            assert.match(String(received["x-correlation-id"]), /^[A-Za-z0-9._:/=+@-]{1,128}$/)
            traces.add(String(received["traceparent"]).slice(3, 35))
          }),
        { discard: true }
      )
      const spans = yield* (yield* RecordedSpans).all
      const longest = Math.max(
        ...spans.flatMap(({ attributes }) => Array.from(attributes.values(), (value) => String(value).length))
      )
      assert.isAtMost(longest, 128)
      assert.isAtLeast(traces.size, 900)
    }).pipe(Effect.provide(app({ OTEL_PROPAGATORS: "tracecontext,baggage,b3,b3multi,jaeger" }))), 180_000)
})
