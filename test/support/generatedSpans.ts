import { Arbitrary, Schema } from "effect"
import { Attributes, EndedSpan, SpanId, TraceId } from "effect-tracing/model"
import type { InstrumentationScope, Resource } from "effect-tracing/model"

// Any UTF-16, halves of surrogate pairs and control characters included.
const wildText = Arbitrary.map(
  Arbitrary.array(Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff })))),
  (units) => String.fromCharCode(...units)
)

const number = Arbitrary.schema(
  Schema.Union([
    Schema.Int,
    Schema.Finite,
    Schema.Literals([0, -1, 127, 128, -128, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32) - 1, 0.1, -0.5, 1e300]),
    Schema.Literals([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MIN_VALUE, -1e-7])
  ])
)

/** What OpenTelemetry's serializers take for an integer and we do not: beyond what a JavaScript number counts exactly. */
const isSafe = (value: number): boolean => !Number.isInteger(value) || Number.isSafeInteger(value)

const safeNumber = Arbitrary.map(number, (value) => isSafe(value) ? value : value / 3e300)

const boolean = Arbitrary.schema(Schema.Boolean)

const choice = <const A>(options: ReadonlyArray<Arbitrary.Arbitrary<A>>): Arbitrary.Arbitrary<A> =>
  Arbitrary.flatMap(
    Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: options.length - 1 }))),
    (index) => options[index]!
  )

const attributeValue = choice<unknown>([
  wildText,
  Arbitrary.map(wildText, (text) => text.repeat(30)),
  safeNumber,
  boolean,
  Arbitrary.array(wildText),
  Arbitrary.array(safeNumber),
  Arbitrary.array(boolean),
  Arbitrary.array(choice<unknown>([wildText, Arbitrary.Constant(null)]))
])

// A number for a name would come first in OpenTelemetry's record and where it was set in ours.
const key = Arbitrary.map(wildText, (text) => `k${text}`)

const attributes = Arbitrary.map(
  Arbitrary.all([
    Arbitrary.array(Arbitrary.all([key, attributeValue])),
    Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8 })))
  ]),
  ([entries, limit]) => {
    const made = new Attributes(limit)
    for (const [name, value] of entries) made.set(name, value)
    return made
  }
)

const int32 = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1 })))
const count = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 })))
const flags = Arbitrary.schema(Schema.Literals([0, 1, 2, 3]))
const nanos = Arbitrary.map(
  Arbitrary.all([count, int32]),
  ([seconds, part]) => BigInt(seconds) * 3_999_999_999n + BigInt(part >>> 0)
)
const traceState = choice([
  Arbitrary.Constant(undefined),
  Arbitrary.Constant("vendor=1"),
  Arbitrary.Constant("ot=th:8,other=abc")
])
const optionalText = choice([wildText, Arbitrary.Constant(undefined)])

const ids = Arbitrary.map(Arbitrary.all([int32, int32, int32, int32]), ([a, b, c, d]) => new TraceId(a | 1, b, c, d))

const event = Arbitrary.map(
  Arbitrary.all([wildText, nanos, attributes, boolean]),
  ([name, time, own, isBare]) => ({ name, time, attributes: isBare ? undefined : own })
)

const link = Arbitrary.map(
  Arbitrary.all([ids, int32, flags, traceState, attributes]),
  ([trace, id, traceFlags, state, own]) => ({
    traceId: trace.hex,
    spanId: SpanId.toHex(id, 1),
    traceFlags,
    traceState: state,
    attributes: own
  })
)

const scopes: ReadonlyArray<InstrumentationScope> = [
  { name: "effect-tracing", version: "0.1.0", schemaUrl: undefined },
  { name: "pg", version: undefined, schemaUrl: "https://opentelemetry.io/schemas/1.44.0" }
]

const start = 1_767_323_045_000_000_000n

/** Ended spans of every shape. */
export const generatedSpan: Arbitrary.Arbitrary<EndedSpan> = Arbitrary.map(
  Arbitrary.all({
    trace: ids,
    halves: Arbitrary.all([int32, int32, int32]),
    hasParent: boolean,
    parentIsRemote: boolean,
    traceFlags: flags,
    traceState,
    name: wildText,
    kind: Arbitrary.schema(Schema.Literals(["internal", "server", "client", "producer", "consumer"])),
    times: Arbitrary.all([nanos, nanos]),
    attributes,
    events: Arbitrary.array(event),
    links: Arbitrary.array(link),
    dropped: Arbitrary.all([count, count]),
    status: Arbitrary.schema(Schema.Literals(["unset", "ok", "error"])),
    message: optionalText,
    scope: Arbitrary.schema(Schema.Literals([0, 1]))
  }),
  (parts) =>
    new EndedSpan({
      trace: parts.trace,
      idHigh: parts.halves[0],
      idLow: parts.halves[1] | 1,
      parentIdHigh: parts.hasParent ? parts.halves[2] | 1 : 0,
      parentIdLow: parts.hasParent ? parts.halves[1] : 0,
      parentIsRemote: parts.hasParent && parts.parentIsRemote,
      traceFlags: parts.traceFlags,
      traceState: parts.traceState,
      name: parts.name,
      kind: parts.kind,
      startTime: start + parts.times[0],
      endTime: start + parts.times[0] + parts.times[1],
      endedAttributes: parts.attributes,
      events: parts.events,
      droppedEvents: parts.dropped[0],
      endedLinks: parts.links,
      droppedLinks: parts.dropped[1],
      statusCode: parts.status,
      statusMessage: parts.status === "error" ? parts.message : undefined,
      scope: scopes[parts.scope]!
    })
)

/** A resource with attributes of every kind. */
export const generatedResource: Arbitrary.Arbitrary<Resource> = Arbitrary.map(
  Arbitrary.all([attributes, boolean]),
  ([own, hasSchema]) => ({
    attributes: Attributes.fromRecord({ "service.name": "blog", ...own.toRecord() }),
    schemaUrl: hasSchema ? "https://opentelemetry.io/schemas/1.44.0" : undefined
  })
)
