import { assert } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import type { SpanExporter } from "effect-tracing/export"
import { BatchSpanProcessor, OtlpExporter } from "effect-tracing/export"
import { Ledger, Warnings } from "effect-tracing/ledger"
import { Attributes } from "effect-tracing/model"
import type { ChildProcess } from "node:child_process"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import { fileURLToPath } from "node:url"
import type { EndedSpanOptions } from "../../support/endedSpan.ts"
import { endedSpan } from "../../support/endedSpan.ts"
import { spansOf } from "../../support/otlpMessages.ts"
import type { OtlpReceiver } from "../../support/OtlpReceiver.ts"
import { makeOtlpReceiver } from "../../support/OtlpReceiver.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const resource = { attributes: new Attributes(), schemaUrl: undefined }

export interface SetupOptions {
  readonly mode?: "unsent" | "always"
  readonly maxBytes?: number
  readonly maxAgeMillis?: number
  readonly queueBytes?: number
  readonly timeoutMillis?: number
  readonly maxExportBatchSize?: number
}

/** A folder for a spool, and a receiver. */
export const surroundings: Effect.Effect<
  { readonly folder: string; readonly receiver: OtlpReceiver },
  never,
  Scope.Scope
> = Effect.all({ folder: temporaryFolder, receiver: makeOtlpReceiver() })

/** The same with a receiver that is down until it is started. */
export const outage: typeof surroundings = Effect.tap(surroundings, ({ receiver }) => receiver.stop)

/** A pipeline with a spool, to be closed by hand: each is to the others as a process of its own. */
export const pipeline = Effect.fnUntraced(function*(url: string, directory: string, options: SetupOptions = {}) {
  const { maxAgeMillis = 1e9, maxBytes = 1e9, maxExportBatchSize = 10, mode = "unsent" } = options
  const { queueBytes = 1e8, timeoutMillis = 500 } = options
  const scope = yield* Scope.fork(yield* Effect.scope)
  const ledger = new Ledger()
  const warnings = new Warnings()
  const exporter: SpanExporter = yield* OtlpExporter.make({
    resource,
    tracesEndpoint: url,
    timeoutMillis,
    spool: { directory, mode, maxBytes, maxAgeMillis, sync: true, warnings }
  }).pipe(Scope.provide(scope))
  const processor = yield* BatchSpanProcessor.make({
    exporters: [exporter],
    batch: {
      scheduleDelayMillis: 20,
      exportTimeoutMillis: 5000,
      maxQueueSize: undefined,
      maxExportBatchSize,
      queueBytes
    },
    shutdownTimeoutMillis: 2000,
    ledger,
    warnings
  }).pipe(Scope.provide(scope))
  return {
    ledger,
    warnings,
    processor,
    end: (count: number, name = "span", from = 0): void => {
      for (let i = from; i < from + count; i++) {
        ledger.start()
        processor.onEnd(endedSpan({ name: `${name} ${i}` }))
      }
    },
    endOne: (options: EndedSpanOptions): void => {
      ledger.start()
      processor.onEnd(endedSpan(options))
    },
    close: Scope.close(scope, Exit.void)
  }
})

export const balances = (ledger: Ledger): void => {
  const { dropped, lateWrites: _, maybeDoubled: __, started, ...accounts } = ledger.balance
  const sum = [...Object.values(accounts), ...Object.values(dropped)].reduce((total, count) => total + count, 0)
  assert.strictEqual(sum, started)
}

export const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.asVoid(Effect.repeat(Effect.delay(Effect.sync(condition), 10), { until: (isSo) => isSo }))

export const namesAt = (receiver: OtlpReceiver): ReadonlyArray<string> => receiver.spans.map((span) => span.name)

export const named = (count: number, name = "span"): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => `${name} ${i}`)

export const spoolFiles = (folder: string): ReadonlyArray<string> =>
  fs.readdirSync(folder).filter((name) => name.endsWith(".spool"))

export const start = (...args: ReadonlyArray<string>): Effect.Effect<ChildProcess, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const fixture = fileURLToPath(new URL("../fixtures/spoolSpans.ts", import.meta.url))
      return spawn(process.execPath, ["--conditions=effect-tracing-source", fixture, ...args], {
        stdio: ["ignore", "pipe", "inherit"]
      })
    }),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** Waits for a line the process prints, or for its end. */
export const output = (child: ChildProcess, isEnough: (text: string) => boolean = () => false): Effect.Effect<string> =>
  Effect.callback((resume) => {
    let text = ""
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      if (isEnough(text)) resume(Effect.succeed(text))
    })
    child.on("close", () => resume(Effect.succeed(text)))
  })

/** What one process with 30 spans could not deliver to a receiver that was down, and now is not. */
export const left = Effect.gen(function*() {
  const { folder, receiver } = yield* outage
  const first = yield* pipeline(receiver.url, folder)
  first.end(30)
  yield* first.close
  yield* receiver.start
  return { folder, receiver }
})

export const refuse = (receiver: OtlpReceiver, isGuilty: (name: string) => boolean): void =>
  receiver.reactTo(({ body }) =>
    spansOf(body).some(({ name }) => isGuilty(name)) ? { _tag: "respond", status: 400 } : { _tag: "respond" }
  )

export const takenBy = (receiver: OtlpReceiver): ReadonlyArray<string> =>
  receiver.requests.filter(({ answered }) => answered === 200).flatMap(({ body }) => spansOf(body)).map(({ name }) =>
    name
  )
