import type * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { TracingConfig } from "../config/index.ts"
import type { SpanExporter } from "../export/index.ts"
import { allExported } from "../export/index.ts"
import type { EndedSpan } from "../model/index.ts"
import type { Provides, TracingOptions } from "../Tracing.ts"
import { Tracing } from "../Tracing.ts"
import { tree } from "./tree.ts"

/**
 * The spans a test has made.
 *
 * @category services
 * @since 0.1.0
 */
export class RecordedSpans extends Context.Service<RecordedSpans, {
  /** All spans that have ended, in the order in which they ended. */
  readonly all: Effect.Effect<ReadonlyArray<EndedSpan>>
  /** The spans as trees, see {@link tree}. */
  readonly tree: Effect.Effect<ReadonlyArray<string>>
  /** The first span of this name; dies with a list of the names there are if there is none. */
  readonly named: (name: string) => Effect.Effect<EndedSpan>
  /** Forgets what was recorded. */
  readonly clear: Effect.Effect<void>
}>()("effect-tracing/testing/RecordedSpans") {}

/** Keeps what it is handed. */
const makeRecorder = (): SpanExporter & { readonly spans: Array<EndedSpan> } => {
  const spans: Array<EndedSpan> = []
  return {
    name: "test recorder",
    spans,
    export: (batch) =>
      Effect.sync(() => {
        spans.push(...batch)
        return allExported
      }),
    shutdown: Effect.void
  }
}

/**
 * Records the spans of a test, each pipeline for itself, whatever the environment says.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { RecordedSpans, TestTracing } from "effect-tracing/testing"
 *
 * export const test = Effect.gen(function*() {
 *   yield* Effect.void.pipe(Effect.withSpan("child"), Effect.withSpan("parent"))
 *   const spans = yield* RecordedSpans
 *   return yield* spans.tree // ["parent", "  child"]
 * }).pipe(Effect.provide(TestTracing.layer()))
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  options: TracingOptions & { readonly env?: Record<string, string> | undefined } = {}
): Layer.Layer<RecordedSpans | TracingConfig | Provides, Config.ConfigError> =>
  Layer.unwrap(Effect.sync(() => {
    const recorder = makeRecorder()
    const tracing = Tracing.layerWith({ ...options, exporters: [recorder, ...(options.exporters ?? [])] }).pipe(
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: options.env ?? {} })))
    )
    const recorded = Layer.effect(
      RecordedSpans,
      Effect.map(Tracing, ({ flush }) => {
        const all = Effect.map(flush, () => recorder.spans.slice())
        return RecordedSpans.of({
          all,
          tree: Effect.map(all, (spans) => tree(spans)),
          named: (name) =>
            Effect.flatMap(all, (spans) => {
              const found = spans.find((span) => span.name === name)
              return found === undefined
                ? Effect.die(
                  new Error(`No span is named "${name}". There are: ${spans.map((span) => span.name).join(", ")}`)
                )
                : Effect.succeed(found)
            }),
          clear: Effect.map(flush, () => {
            recorder.spans.length = 0
          })
        })
      })
    )
    return Layer.provideMerge(recorded, tracing)
  }))
