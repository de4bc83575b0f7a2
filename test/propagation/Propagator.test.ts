import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { PropagatedContext } from "effect-tracing/propagation"
import { Carrier, Propagator, SqlComment } from "effect-tracing/propagation"
import { hostileValue, seeded } from "./hostileHeaders.ts"

const everything = Propagator.fromNames(["tracecontext", "baggage", "b3", "b3multi", "jaeger"])

const context: PropagatedContext = {
  traceId: "12345678901234567890123456789012",
  spanId: "1234567890123456",
  traceFlags: 3,
  traceState: "foo=1,ot=th:c",
  isRemote: true,
  baggage: new Map([["user", { value: "Zoë & Søn", properties: "ttl=1;private" }]])
}

const hexadecimal = (length: number) =>
  Schema.String.check(Schema.isPattern(new RegExp(`^[0-9a-f]{${length - 1}}[1-9a-f]$`)))

const traceStates = Schema.Array(Schema.Literals(["foo=1", "bar=a b", "rojo=00f067aa", "t@v=x", "9=~"])).check(
  Schema.isUnique(),
  Schema.isMinLength(1)
)

const contexts = Schema.Struct({
  traceId: hexadecimal(32),
  spanId: hexadecimal(16),
  traceFlags: Schema.Literals([0, 1, 2, 3]),
  traceState: traceStates
})

/** With baggage that has been read. */
const read = (context: PropagatedContext | undefined): PropagatedContext | undefined =>
  context?.baggage === undefined ? context : { ...context, baggage: new Map(context.baggage) }

const roundTrip = (propagator: Propagator.Propagator, context: PropagatedContext): PropagatedContext | undefined => {
  const headers: Record<string, string> = {}
  propagator.inject(context, Carrier.toRecord(headers))
  return propagator.extract(Carrier.fromRecord(headers)).context
}

describe("Propagator round trips", () => {
  it.effect.prop("keep all of a context in W3C's format", [contexts], ([generated]) =>
    Effect.sync(() => {
      const sent = { ...generated, traceState: generated.traceState.join(","), isRemote: true }
      assert.deepStrictEqual(roundTrip(Propagator.w3c, sent), sent)
    }))

  for (const name of ["b3", "b3multi", "jaeger"] as const) {
    it.effect.prop(
      `keep ids and decision in the format ${name}`,
      [contexts],
      ([{ spanId, traceFlags, traceId }]) =>
        Effect.sync(() => {
          const sent = { traceId, spanId, traceFlags, traceState: undefined, isRemote: true }
          const received = roundTrip(Propagator.fromNames([name]), sent)
          assert.deepStrictEqual(received, { ...sent, traceFlags: traceFlags & 1, debug: false })
        })
    )
  }

  it.effect.prop("keep any baggage value", [Schema.String], ([value]) =>
    Effect.sync(() => {
      const sent = { ...context, baggage: new Map([["key", { value, properties: undefined }]]) }
      assert.strictEqual(roundTrip(Propagator.w3c, sent)?.baggage?.get("key")?.value, value.toWellFormed())
    }))

  const carriers = {
    "a record": () => {
      const record: Record<string, string> = {}
      return { set: Carrier.toRecord(record), get: () => Carrier.fromRecord(record) }
    },
    "a Map": () => {
      const map = new Map<string, string>()
      return { set: Carrier.toMap(map), get: () => Carrier.fromEntries(map) }
    },
    "environment variables": () => {
      const environment: Record<string, string | undefined> = {}
      return { set: Carrier.toEnvironment(environment), get: () => Carrier.fromEnvironment(environment) }
    },
    Headers: () => {
      const headers = new Headers()
      return {
        set: (name: string, value: string) => headers.set(name, value),
        get: () => Carrier.fromEntries(headers)
      }
    }
  }
  for (const [name, make] of Object.entries(carriers)) {
    it(`go through ${name}`, () => {
      const { get, set } = make()
      Propagator.w3c.inject(context, set)
      assert.deepStrictEqual(read(Propagator.w3c.extract(get()).context), context)
    })
  }

  it("go through a SQL comment", () => {
    const sql = SqlComment.append("SELECT 1", Propagator.w3c, context)
    assert.deepStrictEqual(read(Propagator.w3c.extract(SqlComment.carrier(sql)).context), context)
  })
})

describe("Propagator.composite", () => {
  const other = { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` }

  it("lets the later propagator win over the earlier", () => {
    const b3 = { b3: `${context.traceId}-${context.spanId}-1` }
    const first = Propagator.fromNames(["tracecontext", "b3"]).extract(Carrier.fromRecord({ ...other, ...b3 }))
    assert.strictEqual(first.context?.traceId, context.traceId)
    const second = Propagator.fromNames(["b3", "tracecontext"]).extract(Carrier.fromRecord({ ...other, ...b3 }))
    assert.strictEqual(second.context?.traceId, "a".repeat(32))
  })

  it("lets B3 win where the later of its two forms stands", () => {
    const b3 = { b3: `${context.traceId}-${context.spanId}-1` }
    const read = (...names: ReadonlyArray<string>) =>
      Propagator.fromNames(names).extract(Carrier.fromRecord({ ...other, ...b3 })).context?.traceId
    assert.strictEqual(read("b3", "tracecontext", "b3multi"), context.traceId)
    assert.strictEqual(read("b3", "b3multi", "tracecontext"), "a".repeat(32))
  })

  it("keeps what an earlier propagator found where a later finds nothing", () => {
    const extracted = Propagator.fromNames(["tracecontext", "b3"]).extract(
      Carrier.fromRecord({ ...other, b3: "broken" })
    )
    assert.strictEqual(extracted.context?.traceId, "a".repeat(32))
  })

  it("keeps tracestate and random flag of a span that was sent in several formats", () => {
    assert.deepInclude(roundTrip(everything, context), { traceFlags: 3, traceState: context.traceState })
  })

  it("reads baggage that comes without a span", () => {
    const extracted = Propagator.w3c.extract(Carrier.fromRecord({ baggage: "a=1" }))
    assert.isUndefined(extracted.context)
    assert.strictEqual(extracted.baggage?.get("a")?.value, "1")
  })
})

describe("Propagator.fromNames", () => {
  it("takes each name once and knows no others", () => {
    assert.strictEqual(Propagator.fromNames(["b3", "b3", "none", "toString", "xray"]).name, "b3")
  })

  it("lists the fields it writes", () => {
    assert.deepStrictEqual(Propagator.w3c.fields, ["traceparent", "tracestate", "baggage"])
  })

  for (const names of [[], ["none"], ["unknown"]]) {
    it(`neither writes nor reads anything for ${JSON.stringify(names)}`, () => {
      const propagator = Propagator.fromNames(names)
      propagator.inject(context, () => assert.fail("nothing is to be written"))
      const carrier = Carrier.fromRecord({ traceparent: `00-${context.traceId}-${context.spanId}-01` })
      assert.isUndefined(propagator.extract(carrier).context)
    })
  }
})

describe("Propagator under attack", () => {
  const fields = [...everything.fields, "uberctx-key", "uberctx-__proto__"]
  const printable = /^[\x20-\x7e\t]*$/

  it("takes 1,000 hostile values in every header at once, and hands on nothing that is not well-formed", () => {
    const random = seeded(20_250_101)
    const values = Array.from({ length: 1000 }, () => hostileValue(random))
    for (let i = 0; i < values.length; i++) {
      const value = (offset: number) => values[(i + offset) % values.length]!
      const headers: Record<string, string | Array<string>> = {}
      for (const [offset, field] of fields.entries()) {
        headers[field] = random() < 0.2 ? [value(offset), value(offset + 7)] : value(offset)
      }
      const extracted = everything.extract(Carrier.fromRecord(headers))
      const received = extracted.context ?? { ...context, baggage: extracted.baggage }
      assert.match(received.traceId, /^[0-9a-f]{32}$/)
      assert.match(received.spanId, /^[0-9a-f]{16}$/)
      assert.isAtMost(received.traceState?.length ?? 0, 512)
      everything.inject(received, (name, value) => {
        assert.match(name, /^[!#$%&'*+\-.^_`|~0-9a-z]+$/)
        assert.match(value, printable)
        assert.isAtMost(value.length, 8192)
      })
      const environment: Record<string, string | undefined> = {}
      everything.inject(received, Carrier.toEnvironment(environment))
      everything.extract(Carrier.fromEnvironment(environment))
      const sql = SqlComment.append("SELECT 1", everything, received)
      assert.strictEqual(sql.indexOf("*/"), sql.length - 2)
    }
  })

  it("takes 1,000 hostile SQL comments", () => {
    const random = seeded(7)
    for (let i = 0; i < 1000; i++) {
      const extracted = everything.extract(SqlComment.carrier(`SELECT 1 /*${hostileValue(random)}*/`))
      if (extracted.context !== undefined) assert.match(extracted.context.traceId, /^[0-9a-f]{32}$/)
    }
  })

  it("reads no header from a record's prototype", () => {
    const record: Record<string, string> = Object.create({ traceparent: `00-${context.traceId}-${context.spanId}-01` })
    assert.isUndefined(everything.extract(Carrier.fromRecord(record)).context)
  })

  it("passes over values that are neither text nor bytes", () => {
    const extracted = everything.extract(
      Carrier.fromRecord({
        traceparent: 5,
        tracestate: null,
        baggage: { a: 1 },
        b3: [1, {}],
        "uber-trace-id": Symbol("x")
      })
    )
    assert.isUndefined(extracted.context)
    assert.isUndefined(extracted.baggage)
  })

  it("reads bytes as UTF-8, as Kafka's clients hand headers over", () => {
    const bytes = new TextEncoder().encode(`00-${context.traceId}-${context.spanId}-01`)
    assert.strictEqual(everything.extract(Carrier.fromRecord({ traceparent: bytes })).context?.traceId, context.traceId)
  })
})
