import { assert, describe, it } from "@effect/vitest"
import type { EndedSpan } from "effect-tracing/model"
import { drawTrace } from "../../../src/export/console/drawTrace.ts"
import type { ReleasedTrace } from "../../../src/export/console/HeldTraces.ts"
import { HeldTraces } from "../../../src/export/console/HeldTraces.ts"
import { endedSpan } from "../../support/endedSpan.ts"

const limits = { maxTraces: 100, maxSpans: 5000, condenseFrom: 500, patienceMillis: 1000 }

/** Hands the spans over in batches; gives what was released, and how many were held at most. */
const hold = (spans: ReadonlyArray<EndedSpan>): { out: Array<ReleasedTrace>; most: number } => {
  const held = new HeldTraces(limits)
  const out: Array<ReleasedTrace> = []
  let most = 0
  for (let i = 0; i < spans.length; i += 100) {
    out.push(...held.add(spans.slice(i, i + 100), 0))
    most = Math.max(most, held.size)
  }
  out.push(...held.drain())
  assert.strictEqual(held.size, 0)
  return { out, most }
}

const draw = (trace: ReleasedTrace): string =>
  drawTrace(trace, { width: 100, color: false, maxRows: 40, service: undefined, note: trace.note })

/** A run of items in the order they end: what is inside an item first, the run last. */
const runOf = (items: number, failing: ReadonlySet<number> = new Set()): Array<EndedSpan> => {
  const run = endedSpan({ name: "run", durationMillis: items * 10 })
  const spans: Array<EndedSpan> = []
  for (let i = 0; i < items; i++) {
    const item = endedSpan({ name: "item", parent: run, startMillis: i * 10, durationMillis: i / 100 + 1 })
    spans.push(
      endedSpan({
        name: "GET",
        parent: item,
        startMillis: i * 10,
        durationMillis: 0.5,
        ...(failing.has(i) ? { status: "error", statusMessage: `refused ${i}` } : {})
      }),
      item
    )
  }
  return [...spans, run]
}

describe("HeldTraces", () => {
  it("holds few spans of a run of 20,000 items, and loses neither a count nor an error nor the slowest", () => {
    const { most, out } = hold(runOf(20_000, new Set([7, 9999])))
    assert.isAtMost(most, limits.condenseFrom)
    assert.strictEqual(out.length, 1)
    const text = draw(out[0]!)
    assert.include(text, "● run · 3m 20s · 40,001 spans · 2 errors")
    assert.include(text, "refused 7\n")
    assert.include(text, "refused 9999\n")
    assert.include(text, " 201 ms")
    // 20,000 items without the two that failed inside and the three slowest, whose median takes 101 ms.
    assert.include(text, "… 19,995 more like this")
    const p50 = Number(/p50 (\d+) ms/.exec(text)?.[1])
    const p95 = Number(/p95 (\d+) ms/.exec(text)?.[1])
    assert.closeTo(p50, 101, 1.5)
    assert.closeTo(p95, 191, 2.5)
  })

  it("says the same of a trace condensed as of the trace whole, up to the percentiles", () => {
    const spans = runOf(400, new Set([33]))
    const { out } = hold(spans)
    assert.isBelow(out[0]!.spans.length, spans.length / 2)
    assert.strictEqual(draw(out[0]!), draw({ spans, folds: new Map(), note: undefined }))
  })

  it("holds few spans of a chain 20,000 deep", () => {
    const chain = [endedSpan({ name: "root", durationMillis: 20_000 })]
    for (let i = 1; i < 20_000; i++) {
      chain.push(endedSpan({ name: "level", parent: chain[i - 1], startMillis: i / 10, durationMillis: 20_000 - i }))
    }
    const { most, out } = hold(chain.toReversed())
    assert.isAtMost(most, limits.condenseFrom)
    assert.strictEqual(out.length, 1)
    assert.include(draw(out[0]!), "20,000 spans")
  })

  it("holds few spans of a run whose items all have names of their own", () => {
    const run = endedSpan({ name: "run", durationMillis: 20_000 })
    const { most, out } = hold([
      ...Array.from(
        { length: 20_000 },
        (_, i) => endedSpan({ name: `page ${i}`, parent: run, startMillis: i, durationMillis: i % 71 })
      ),
      run
    ])
    assert.isAtMost(most, limits.condenseFrom)
    assert.include(draw(out[0]!), "20,001 spans")
  })

  it("releases a trace of too many errors in parts, each error once", () => {
    const run = endedSpan({ name: "run" })
    const errors = Array.from(
      { length: 12_000 },
      (_, i) => endedSpan({ name: `error ${i}`, parent: run, status: "error" })
    )
    const { most, out } = hold([...errors, run])
    assert.isAtMost(most, limits.maxSpans)
    assert.deepStrictEqual(out.map(({ note }) => note), ["incomplete", "continued", "continued"])
    const names = new Set(out.flatMap(({ spans }) => spans.map((span) => span.name)))
    assert.strictEqual(names.size, 12_001)
    assert.strictEqual(out.reduce((sum, { spans }) => sum + spans.length, 0), 12_001)
  })

  it("adds up what was folded of one name under parents that are not at hand", () => {
    const parents = ["00000000000000a1", "00000000000000b1"]
    const orphans = parents.flatMap((parentSpanId) =>
      Array.from({ length: 300 }, (_, i) => endedSpan({ name: "orphan", parentSpanId, startMillis: i }))
    )
    const { out } = hold(orphans)
    const text = draw(out[0]!)
    assert.include(text, "600 spans · incomplete")
    const shown = text.split("\n").filter((line) => line.startsWith("  orphan ")).length
    const folded = Array.from(text.matchAll(/… (\d+)/g), (match) => Number(match[1]))
    assert.strictEqual(folded.reduce((sum, count) => sum + count, shown), 600)
  })
})
