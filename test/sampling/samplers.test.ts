import { assert, describe, it } from "@effect/vitest"
import { AlwaysOffSampler, SamplingDecision, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace-base"
import {
  allKinds,
  alwaysOff,
  alwaysOn,
  fromOpenTelemetry,
  keepEvents,
  keepSlowest,
  parentBased,
  rateLimit,
  ratio,
  rules
} from "effect-tracing/sampling"
import { decide, inputOf, parentOf, traceWith } from "./support.ts"

const rejected = traceWith("00000000000000")
const accepted = traceWith("ffffffffffffff")

describe("parentBased", () => {
  const sampler = parentBased(ratio(0.5))

  it("asks its root sampler where there is no parent", () => {
    assert.strictEqual(decide(sampler, { trace: accepted }), "sample")
    assert.strictEqual(decide(sampler, { trace: rejected }), "drop")
  })

  it("follows a trusted parent's flag, whatever the rate", () => {
    assert.strictEqual(decide(sampler, { trace: rejected, parent: parentOf({ traceFlags: 1 }) }), "sample")
    assert.strictEqual(decide(sampler, { trace: accepted, parent: parentOf({ traceFlags: 2 }) }), "drop")
  })

  it("follows a limited peer's yes only as far as the local rate allows, and its no always", () => {
    const limited = (traceFlags: number) => parentOf({ traceFlags, isLimited: true })
    assert.strictEqual(decide(sampler, { trace: accepted, parent: limited(1) }), "sample")
    assert.strictEqual(decide(sampler, { trace: rejected, parent: limited(1) }), "drop")
    assert.strictEqual(decide(sampler, { trace: accepted, parent: limited(0) }), "drop")
  })

  it("looks at nothing but the sampled bit of the flags", () => {
    for (const traceFlags of [1, 3, 0xff]) {
      assert.strictEqual(decide(parentBased(alwaysOff), { parent: parentOf({ traceFlags }) }), "sample")
    }
    for (const traceFlags of [0, 2, 0xfe]) {
      assert.strictEqual(decide(parentBased(alwaysOn), { parent: parentOf({ traceFlags }) }), "drop")
    }
  })

  it("describes itself with its root", () =>
    assert.strictEqual(sampler.description, "ParentBased{root=TraceIdRatio{0.5}}"))
})

describe("rules", () => {
  const sampler = rules([
    { kind: "server", route: "/health*", rate: 0 },
    { host: "*.example.com", rate: 0 },
    { name: "job ?", rate: 1 },
    { attributes: { "tenant.plan": "enterprise", size: (size: unknown) => Number(size) > 10 }, rate: 1 }
  ], alwaysOff)

  it("takes the first rule whose conditions all hold, and the other sampler where none does", () => {
    assert.strictEqual(decide(sampler, { name: "job 7" }), "sample")
    assert.strictEqual(decide(sampler, { name: "job 77" }), "drop")
    assert.strictEqual(decide(sampler, { attributes: { "tenant.plan": "enterprise", size: 11 } }), "sample")
    assert.strictEqual(decide(sampler, { attributes: { "tenant.plan": "enterprise", size: 10 } }), "drop")
    assert.strictEqual(decide(sampler, { attributes: { size: 11 } }), "drop")
    assert.strictEqual(decide(sampler, { name: "job 7", attributes: { "server.address": "a.example.com" } }), "drop")
  })

  it("drops for good what a rule rates 0, and not what the other sampler drops", () => {
    const health = inputOf({ kind: "server", attributes: { "url.path": "/healthz" } })
    assert.strictEqual(sampler.decide(health).mayBeKept, false)
    assert.notStrictEqual(sampler.decide(inputOf()).mayBeKept, false)
  })

  it("finds a route before it is known by the path", () => {
    const on = (attributes: Record<string, string>) =>
      decide(rules([{ route: "/users/*", rate: 1 }], alwaysOff), { attributes })
    assert.strictEqual(on({ "http.route": "/users/:id", "url.path": "/else" }), "sample")
    assert.strictEqual(on({ "url.path": "/users/7" }), "sample")
    assert.strictEqual(on({ "url.path": "/x/users/7" }), "drop")
  })

  it("says of which kinds it reads attributes", () => {
    assert.deepStrictEqual(rules([{ name: "x", rate: 1 }], alwaysOn).readsAttributesOf, new Set())
    assert.deepStrictEqual(
      rules([{ kind: "server", route: "/x", rate: 1 }], alwaysOn).readsAttributesOf,
      new Set(["server"])
    )
    assert.deepStrictEqual(rules([{ host: "x", rate: 1 }], alwaysOn).readsAttributesOf, allKinds)
  })

  it("matches a glob of many stars against a long text in no time", () => {
    const text = "a".repeat(50_000)
    assert.strictEqual(decide(rules([{ name: "*a*a*a*a*b", rate: 1 }], alwaysOff), { name: text }), "drop")
    assert.strictEqual(decide(rules([{ name: "*a*a*a*a*", rate: 1 }], alwaysOff), { name: text }), "sample")
  })
})

describe("rateLimit", () => {
  it("lets a second's worth through at once, then the rate", () => {
    let now = 0n
    const sampler = rateLimit(10, alwaysOn, () => now)
    const burst = (count: number) =>
      Array.from({ length: count }, () => decide(sampler)).filter((d) => d === "sample").length
    assert.strictEqual(burst(100), 10)
    now += 500_000_000n
    assert.strictEqual(burst(100), 5)
    now += 3_600_000_000_000n
    assert.strictEqual(burst(100), 10)
  })

  it("takes no token for what is dropped anyway, nor for a trace that began elsewhere", () => {
    const sampler = rateLimit(1, parentBased(ratio(0.5)), () => 0n)
    for (let i = 0; i < 10; i++) assert.strictEqual(decide(sampler, { trace: rejected }), "drop")
    for (let i = 0; i < 10; i++) assert.strictEqual(decide(sampler, { parent: parentOf() }), "sample")
    assert.strictEqual(decide(sampler, { trace: accepted }), "sample")
    assert.strictEqual(decide(sampler, { trace: accepted }), "drop")
  })
})

describe("fromOpenTelemetry", () => {
  it("asks with what the span begins with, and takes over decision, attributes and tracestate", () => {
    const seen: Array<unknown> = []
    const sampler = fromOpenTelemetry({
      shouldSample: (_context, traceId, name, kind, attributes, links) => {
        seen.push(traceId, name, kind, attributes, links)
        return { decision: SamplingDecision.RECORD, attributes: { by: "sampler" } }
      },
      toString: () => "Custom"
    })
    const decision = sampler.decide(inputOf({ trace: accepted, name: "GET", kind: "client", attributes: { a: 1 } }))
    assert.deepStrictEqual(seen, [accepted.hex, "GET", 2, { a: 1 }, []])
    assert.deepStrictEqual([decision.decision, decision.attributes], ["record", { by: "sampler" }])
    assert.strictEqual(sampler.description, "Custom")
  })

  it("works with the samplers of the SDK", () => {
    assert.strictEqual(decide(fromOpenTelemetry(new AlwaysOffSampler())), "drop")
    assert.strictEqual(decide(fromOpenTelemetry(new TraceIdRatioBasedSampler(1))), "sample")
  })
})

describe("keepSlowest", () => {
  const span = (millis: number, name = "op") => ({
    name,
    statusCode: "unset" as const,
    startTime: 0n,
    endTime: BigInt(millis) * 1_000_000n,
    events: []
  })

  it("learns what is usual for an operation first, then keeps what is slower than its quantile", () => {
    const policy = keepSlowest(0.9)
    for (let i = 0; i < 128; i++) assert.isUndefined(policy.reasonOf(span(i % 100), true))
    assert.strictEqual(policy.reasonOf(span(99), true), "slow")
    assert.isUndefined(policy.reasonOf(span(50), true))
    assert.isUndefined(policy.reasonOf(span(1000, "another operation"), true))
    assert.isUndefined(policy.reasonOf(span(1000), false))
  })
})

describe("keepEvents", () => {
  it("keeps what has one of the events", () => {
    const policy = keepEvents(["retry", "fallback"])
    const spanWith = (name: string) => ({
      name: "span",
      statusCode: "unset" as const,
      startTime: 0n,
      endTime: 0n,
      events: [{ name, time: 0n, attributes: undefined }]
    })
    assert.strictEqual(policy.reasonOf(spanWith("fallback"), false), "event")
    assert.isUndefined(policy.reasonOf(spanWith("else"), true))
  })
})
