import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import type { EndedSpan } from "effect-tracing/model"
import stringWidth from "string-width"
import { render } from "../../../src/export/console/Waterfall.ts"
import { endedSpan } from "../../support/endedSpan.ts"

const hostileText = Schema.Union([
  Schema.Literals([
    "GET",
    "INSERT posts",
    "scrape",
    "标题",
    "👩‍👩‍👧",
    "\u001b[2J",
    "a\nb",
    "\u009b31m",
    "\u202e",
    "\ud800"
  ]),
  Schema.Literals(["e" + "\u0301".repeat(9), "long ".repeat(80), "漢".repeat(90), "no-spaces".repeat(50)]),
  Schema.String
])

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const Plan = Schema.Struct({
  /** Which earlier span is the parent; if there is none of this number, the parent is one that is not there. */
  parent: between(0, 30),
  name: hostileText,
  start: between(-1000, 1000),
  duration: between(0, 1000),
  error: Schema.Boolean,
  value: hostileText
})
type Plan = typeof Plan.Type

const traceOf = (plans: ReadonlyArray<Plan>): Array<EndedSpan> => {
  const spans: Array<EndedSpan> = []
  for (const [index, plan] of plans.entries()) {
    spans.push(endedSpan({
      // Marked by its number, to be found again.
      name: plan.error ? `E${index}E` : plan.name,
      ...(index === 0
        ? {}
        : plan.parent < index
        ? { parent: spans[plan.parent] }
        : { parentSpanId: "00000000000000ff" }),
      startMillis: plan.start,
      durationMillis: plan.duration,
      status: plan.error ? "error" : "unset",
      statusMessage: plan.error ? plan.value : undefined,
      attributes: { value: plan.value }
    }))
  }
  return spans
}

const trace = Arbitrary.map(Arbitrary.array(Arbitrary.schema(Plan), { minLength: 1, maxLength: 60 }), traceOf)

const isError = (span: EndedSpan): boolean => span.statusCode === "error"

describe("Waterfall.render, of any trace", () => {
  it.prop("writes no line wider than asked", [trace, between(40, 200)], ([spans, width]) => {
    for (const line of render(spans, { width }).split("\n")) assert.isAtMost(stringWidth(line), width, line)
  })

  it.prop("shows every error once", [trace, between(1, 20)], ([spans, maxRows]) => {
    const lines = render(spans, { maxRows, width: 200 }).split("\n").filter((line) => line.startsWith("✗"))
    assert.strictEqual(lines.length, spans.filter(isError).length)
    for (const span of spans.filter(isError)) {
      assert.strictEqual(lines.filter((line) => line.includes(span.name)).length, 1, span.name)
    }
  })

  it.prop("keeps to maxRows, errors aside", [trace, between(1, 20)], ([spans, maxRows]) => {
    const lines = render(spans, { maxRows }).trimEnd().split("\n")
    const header = lines[1]?.startsWith("  trace ") === true ? 2 : 1
    // An error takes a line, and up to three for its message.
    assert.isAtMost(lines.length - header, maxRows + spans.filter(isError).length * 4)
  })

  it.prop("lets no control character through", [trace], ([spans]) => {
    // oxlint-disable-next-line no-control-regex
    assert.notMatch(render(spans), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/)
  })
})
