import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Logger } from "effect"
import { TracingLive } from "effect-tracing"

/** What a program that exports nothing, with a misspelt setting, is told at this level. */
const told = (level: string) =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    const collecting = Logger.make<unknown, void>(({ logLevel }) => {
      lines.push(logLevel)
    })
    const env = { OTEL_LOG_LEVEL: level, TRACING_SAMPLNG_RATE: "0.1" }
    yield* Effect.yieldNow.pipe(
      Effect.provide(
        TracingLive.pipe(
          Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))),
          Layer.provideMerge(Logger.layer([collecting]))
        )
      )
    )
    return lines.toSorted()
  })

describe("OTEL_LOG_LEVEL", () => {
  it.effect.each(
    [
      ["info", ["Info", "Warn"]],
      ["warn", ["Warn"]],
      ["error", []],
      ["none", []]
    ] as const
  )("%s says how much tracing tells about itself", ([level, expected]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* told(level), [...expected])
    }))
})
