import { assert, describe, it } from "@effect/vitest"
import { Carrier, TraceContext } from "effect-tracing/propagation"

const traceId = "12345678901234567890123456789012"
const spanId = "1234567890123456"
const parent = `00-${traceId}-${spanId}-01`

const extract = (headers: Readonly<Record<string, string | ReadonlyArray<string>>>) =>
  TraceContext.propagator.extract(Carrier.fromRecord(headers)).context

const accepted = (value: string) => TraceContext.parseTraceparent(value)?.traceId === traceId

describe("TraceContext traceparent", () => {
  it("starts anew where there is neither traceparent nor tracestate", () => {
    assert.isUndefined(extract({}))
  })

  it("reads a traceparent without a tracestate", () => {
    assert.deepStrictEqual(extract({ traceparent: parent }), {
      traceId,
      spanId,
      traceFlags: 1,
      traceState: undefined,
      isRemote: true
    })
  })

  it("refuses two traceparent headers", () => {
    assert.isUndefined(extract({ traceparent: [parent, parent] }))
  })

  it("refuses two traceparent headers whose names differ in case", () => {
    assert.isUndefined(extract({ traceparent: parent, TraceParent: parent }))
  })

  it("refuses two traceparent headers that were joined into one", () => {
    assert.isUndefined(extract({ traceparent: `${parent}, ${parent}` }))
    assert.isUndefined(extract({ traceparent: `cc${parent.slice(2)}, ${parent}` }))
  })

  for (const name of ["trace-parent", "trace.parent", "traceparent2"]) {
    it(`does not know a header ${name}`, () => {
      assert.isUndefined(extract({ [name]: parent }))
    })
  }

  for (const name of ["traceparent", "TraceParent", "TrAcEpArEnT", "TRACEPARENT"]) {
    it(`finds ${name}, whatever its case`, () => {
      assert.strictEqual(extract({ [name]: parent })?.traceId, traceId)
    })
  }
})

describe("TraceContext version", () => {
  it("refuses more than four fields in version 00", () => {
    assert.isFalse(accepted(`${parent}.`))
    assert.isFalse(accepted(`${parent}-what-the-future-will-be-like`))
  })

  it("refuses a dash at the end of version 00", () => {
    assert.isFalse(accepted(`${parent}-`))
  })

  for (let version = 1; version < 0xff; version++) {
    const text = version.toString(16).padStart(2, "0")
    it(`reads version ${text} by the fields it shares with 00, and takes more after a dash`, () => {
      const value = `${text}-${traceId}-${spanId}-01`
      assert.isTrue(accepted(value))
      assert.isTrue(accepted(`${value}-what-the-future-will-be-like`))
      assert.isFalse(accepted(`${value}.what-the-future-will-be-like`))
    })
  }

  it("refuses version ff", () => {
    assert.isFalse(accepted(`ff-${traceId}-${spanId}-01`))
  })

  for (const version of [".0", "0.", "0", "000", "0000", "", "CC", " 0", "0x"]) {
    it(`refuses the version ${JSON.stringify(version)}`, () => {
      assert.isFalse(accepted(`${version}-${traceId}-${spanId}-01`))
    })
  }

  it("refuses a higher version that is shorter than 55 characters", () => {
    assert.isFalse(accepted(`cc-${traceId}-${spanId}-0`))
    assert.isFalse(accepted(`cc-${traceId}-${spanId}`))
  })
})

describe("TraceContext trace-id", () => {
  const read = (id: string) => TraceContext.parseTraceparent(`00-${id}-${spanId}-01`)

  it("refuses an id of zeros", () => {
    assert.isUndefined(read("0".repeat(32)))
  })

  it("refuses characters other than lower-case hexadecimal digits, at either end", () => {
    assert.isUndefined(read(`.${traceId.slice(1)}`))
    assert.isUndefined(read(`${traceId.slice(1)}.`))
    assert.isUndefined(read(`${traceId.slice(1)}A`))
    assert.isUndefined(read(`${traceId.slice(1)}g`))
  })

  it("refuses 31 and 33 digits", () => {
    assert.isUndefined(read(traceId.slice(1)))
    assert.isUndefined(read(`${traceId}3`))
  })

  it("takes an id that is zero but for one digit", () => {
    assert.isDefined(read("1".padStart(32, "0")))
    assert.isDefined(read("1".padEnd(32, "0")))
  })
})

describe("TraceContext parent-id", () => {
  const read = (id: string) => TraceContext.parseTraceparent(`00-${traceId}-${id}-01`)

  it("refuses an id of zeros", () => {
    assert.isUndefined(read("0".repeat(16)))
  })

  it("refuses characters other than lower-case hexadecimal digits, at either end", () => {
    assert.isUndefined(read(`.${spanId.slice(1)}`))
    assert.isUndefined(read(`${spanId.slice(1)}.`))
    assert.isUndefined(read(`${spanId.slice(1)}F`))
  })

  it("refuses 15 and 17 digits", () => {
    assert.isUndefined(read(spanId.slice(1)))
    assert.isUndefined(read(`${spanId}7`))
  })
})

describe("TraceContext trace-flags", () => {
  const read = (flags: string, version = "00") =>
    TraceContext.parseTraceparent(`${version}-${traceId}-${spanId}-${flags}`)?.traceFlags

  for (const flags of [".0", "0.", "001", "1", "", "0A", "0x"]) {
    it(`refuses the flags ${JSON.stringify(flags)}`, () => {
      assert.isUndefined(read(flags))
    })
  }

  for (let flags = 0; flags <= 0xff; flags++) {
    const text = flags.toString(16).padStart(2, "0")
    it(`keeps sampled and random of the flags ${text} and clears the rest`, () => {
      assert.strictEqual(read(text), flags & 3)
      assert.strictEqual(read(text, "01"), flags & 3)
    })
  }

  it("sends on sampled and random, and zero for the rest", () => {
    for (const traceFlags of [0, 1, 2, 3]) {
      assert.strictEqual(
        TraceContext.formatTraceparent({ traceId, spanId, traceFlags }),
        `00-${traceId}-${spanId}-0${traceFlags}`
      )
    }
    assert.strictEqual(
      TraceContext.formatTraceparent({ traceId, spanId, traceFlags: 0xff }),
      `00-${traceId}-${spanId}-03`
    )
  })
})

describe("TraceContext white space", () => {
  for (const value of [` ${parent}`, `\t${parent}`, `${parent} `, `${parent}\t`, `\t ${parent} \t`]) {
    it(`takes no notice of it around ${JSON.stringify(value)}`, () => {
      assert.isTrue(accepted(value))
    })
  }

  for (const value of [`\n${parent}`, `${parent}\r\n`, `\u00a0${parent}`, `${parent}\0`, `\ufeff${parent}`]) {
    it(`knows only space and tab as such: ${JSON.stringify(value)} is refused`, () => {
      assert.isFalse(accepted(value))
    })
  }
})

describe("TraceContext.propagator", () => {
  it("does not read a tracestate without a traceparent", () => {
    assert.isUndefined(extract({ tracestate: "foo=1" }))
  })

  it("does not read a tracestate beside a traceparent that is refused", () => {
    assert.isUndefined(extract({ traceparent: `00-${"0".repeat(32)}-${spanId}-01`, tracestate: "foo=1" }))
  })

  it("drops a broken tracestate and keeps the traceparent", () => {
    const context = extract({ traceparent: parent, tracestate: "foo=1,foo=2" })
    assert.strictEqual(context?.traceId, traceId)
    assert.isUndefined(context?.traceState)
  })

  for (const name of ["tracestate", "TraceState", "TrAcEsTaTe", "TRACESTATE"]) {
    it(`finds ${name}, whatever its case`, () => {
      assert.strictEqual(extract({ traceparent: parent, [name]: "foo=1" })?.traceState, "foo=1")
    })
  }

  for (const name of ["trace-state", "trace.state"]) {
    it(`does not know a header ${name}`, () => {
      assert.isUndefined(extract({ traceparent: parent, [name]: "foo=1" })?.traceState)
    })
  }

  it("sends a higher version on as version 00", () => {
    const context = extract({ traceparent: `cc-${traceId}-${spanId}-01-more`, tracestate: "foo=1" })!
    const headers: Record<string, string> = {}
    TraceContext.propagator.inject(context, Carrier.toRecord(headers))
    assert.deepStrictEqual(headers, { traceparent: parent, tracestate: "foo=1" })
  })

  it("sends no empty tracestate", () => {
    const headers: Record<string, string> = {}
    const context = { traceId, spanId, traceFlags: 1, traceState: undefined, isRemote: false }
    TraceContext.propagator.inject(context, Carrier.toRecord(headers))
    TraceContext.propagator.inject({ ...context, traceState: "" }, Carrier.toRecord(headers))
    assert.deepStrictEqual(headers, { traceparent: parent })
  })
})
