import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { EndedSpan } from "../../model/index.ts"
import type { SpanEncoding } from "../SpanEncoding.ts"

// Half of the 10 ms that nothing of ours may block the event loop for, since the last item of a slice may be large.
const sliceNanos = 5_000_000n
// Reading the clock is not free; so many items take far less than a slice.
const itemsPerLook = 8

/**
 * Does something with each item in slices of a few milliseconds, between which the event loop has its turn.
 */
export const forEachInSlices = <A>(items: ReadonlyArray<A>, f: (item: A) => void): Effect.Effect<void> =>
  Effect.gen(function*() {
    const clock = yield* Clock.Clock
    let next = 0
    while (true) {
      const end = clock.monotonicTimeNanosUnsafe() + sliceNanos
      do {
        const stop = Math.min(next + itemsPerLook, items.length)
        while (next < stop) f(items[next++]!)
      } while (next < items.length && clock.monotonicTimeNanosUnsafe() < end)
      if (next >= items.length) return
      yield* Effect.yieldNow
    }
  })

/** Encodes spans in slices. */
export const encodeInSlices = (
  encoding: SpanEncoding,
  spans: ReadonlyArray<EndedSpan>
): Effect.Effect<Uint8Array<ArrayBuffer>> =>
  Effect.suspend(() => {
    const body = encoding.begin()
    return Effect.map(forEachInSlices(spans, (span) => body.write(span)), () => body.finish().bytes)
  })
