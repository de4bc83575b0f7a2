import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Clock, Deferred, Effect, Exit, Fiber, Logger, References, Schema, Scope, Tracer } from "effect"
import { allExported, BatchSpanProcessor, ExportError } from "effect-tracing/export"
import type { BatchSettings, ExportOutcome, SpanExporter } from "effect-tracing/export"
import { Ledger, Warnings } from "effect-tracing/ledger"
import type { Balance } from "effect-tracing/ledger"
import { TestClock } from "effect/testing"
import { AsyncLocalStorage } from "node:async_hooks"
import { endedSpan } from "../support/endedSpan.ts"

const settings: BatchSettings = {
  scheduleDelayMillis: 5000,
  exportTimeoutMillis: 30_000,
  maxQueueSize: undefined,
  maxExportBatchSize: 10,
  queueBytes: 64 * 1024 * 1024
}

const failure = (
  options: Pick<Partial<ExportError>, "fault" | "mayHaveArrived" | "reason" | "retryAfterMillis"> & {
    readonly retryable: boolean
  }
): ExportError =>
  new ExportError({
    reason: options.reason ?? "unreachable",
    message: "Nobody is there.",
    retryable: options.retryable,
    retryAfterMillis: options.retryAfterMillis,
    ...(options.fault === undefined ? undefined : { fault: options.fault }),
    ...(options.mayHaveArrived === undefined ? undefined : { mayHaveArrived: options.mayHaveArrived })
  })

const unreachable = Effect.fail(failure({ retryable: true }))

interface TestExporter extends SpanExporter {
  /** The names of the spans of each attempt. */
  readonly attempts: Array<ReadonlyArray<string>>
  /** When each was made, in milliseconds. */
  readonly times: Array<number>
  isShutDown: boolean
}

/** An exporter that does one of these after the other, and afterwards takes everything. */
const testExporter = (...reactions: ReadonlyArray<Effect.Effect<ExportOutcome, ExportError>>): TestExporter => {
  const rest = [...reactions]
  const exporter: TestExporter = {
    name: "test",
    attempts: [],
    times: [],
    isShutDown: false,
    export: (spans) =>
      Effect.gen(function*() {
        exporter.attempts.push(spans.map((span) => span.name))
        exporter.times.push(yield* Clock.currentTimeMillis)
        return yield* rest.shift() ?? Effect.succeed(allExported)
      }),
    shutdown: Effect.sync(() => {
      exporter.isShutDown = true
    })
  }
  return exporter
}

const deadExporter = (): TestExporter => ({ ...testExporter(), export: () => unreachable })

interface Setup {
  readonly processor: BatchSpanProcessor
  readonly ledger: Ledger
  readonly warnings: Warnings
  /** Starts and ends spans with these names. */
  readonly end: (...names: ReadonlyArray<string>) => void
}

const makeProcessor = (
  exporters: ReadonlyArray<SpanExporter>,
  options: Partial<BatchSettings> & { readonly shutdownTimeoutMillis?: number } = {}
): Effect.Effect<Setup, never, Scope.Scope> =>
  Effect.gen(function*() {
    const ledger = new Ledger()
    const warnings = new Warnings()
    const processor = yield* BatchSpanProcessor.make({
      exporters,
      batch: { ...settings, ...options },
      shutdownTimeoutMillis: options.shutdownTimeoutMillis ?? 200,
      ledger,
      warnings
    })
    const end = (...names: ReadonlyArray<string>): void => {
      for (const name of names) {
        ledger.start()
        processor.onEnd(endedSpan({ name }))
      }
    }
    return { processor, ledger, warnings, end }
  })

const names = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, index) => `span ${index}`)

const sumOf = (balance: Balance): number => {
  const { dropped, lateWrites: _, maybeDoubled: __, started: ___, ...accounts } = balance
  return [...Object.values(accounts), ...Object.values(dropped)].reduce((sum, count) => sum + count, 0)
}

/** Asserts that the ledger balances and has these counts, and none else. */
const assertBalance = (
  ledger: Ledger,
  expected: Partial<Omit<Balance, "dropped">> & { readonly dropped?: Partial<Balance["dropped"]> }
): void => {
  const { balance } = ledger
  assert.strictEqual(sumOf(balance), balance.started)
  const { dropped, ...accounts } = balance
  const told = Object.fromEntries(Object.entries(accounts).filter(([name, count]) => name !== "started" && count !== 0))
  const drops = Object.fromEntries(Object.entries(dropped).filter(([, count]) => count !== 0))
  const { dropped: expectedDrops = {}, ...expectedAccounts } = expected
  assert.deepStrictEqual(told, expectedAccounts)
  assert.deepStrictEqual(drops, expectedDrops)
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = Effect.repeat(TestClock.adjust(0), { times: 20 })

describe("BatchSpanProcessor.onEnd", () => {
  it.effect("sends a batch as soon as it is full", () =>
    Effect.gen(function*() {
      const exporter = testExporter()
      const { end, ledger } = yield* makeProcessor([exporter])
      end(...names(25))
      yield* settle
      assert.deepStrictEqual(exporter.attempts.map((attempt) => attempt.length), [10, 10])
      assertBalance(ledger, { exported: 20, queued: 5 })
    }))

  it.effect("sends what there is when the first span has waited long enough", () =>
    Effect.gen(function*() {
      const exporter = testExporter()
      const { end, ledger } = yield* makeProcessor([exporter])
      end("a", "b")
      yield* TestClock.adjust(4999)
      assert.lengthOf(exporter.attempts, 0)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(exporter.attempts, [["a", "b"]])
      end("c")
      yield* TestClock.adjust(5000)
      assert.deepStrictEqual(exporter.attempts, [["a", "b"], ["c"]])
      assertBalance(ledger, { exported: 3 })
    }))

  it.effect("takes spans out of the account they are in", () =>
    Effect.gen(function*() {
      const { ledger, processor } = yield* makeProcessor([testExporter()])
      ledger.start()
      ledger.move("active", "keptBack")
      processor.onEnd(endedSpan({ name: "a" }), "keptBack")
      assertBalance(ledger, { queued: 1 })
    }))

  it.effect("says that there is no exporter", () =>
    Effect.gen(function*() {
      const { end, ledger } = yield* makeProcessor([])
      end("a", "b")
      assertBalance(ledger, { dropped: { no_exporter: 2 } })
    }))

  it.effect("drops what is beyond the number of spans that may wait, and says so once", () =>
    Effect.gen(function*() {
      const exporter = testExporter(Effect.never)
      const { end, ledger, warnings } = yield* makeProcessor([exporter], { maxQueueSize: 20 })
      end(...names(10))
      yield* settle
      end(...names(25))
      assertBalance(ledger, { inFlight: 10, queued: 20, dropped: { queue_full: 5 } })
      assert.strictEqual(warnings.all.find((warning) => warning.key === "export test queue_full")?.count, 5)
      assert.include(warnings.all[0]!.message, "OTEL_BSP_MAX_QUEUE_SIZE")
    }))

  it.effect("drops what is beyond the bytes that may wait, sent and not answered included", () =>
    Effect.gen(function*() {
      const exporter = testExporter(Effect.never)
      const { end, ledger, processor } = yield* makeProcessor([exporter], {
        queueBytes: 100_000,
        maxExportBatchSize: 2
      })
      const large = (): void => {
        ledger.start()
        processor.onEnd(endedSpan({ name: "large", attributes: { text: "x".repeat(10_000) } }))
      }
      for (let i = 0; i < 8; i++) large()
      yield* settle
      assertBalance(ledger, { inFlight: 2, queued: 2, dropped: { queue_full: 4 } })
      end("small")
      assertBalance(ledger, { inFlight: 2, queued: 3, dropped: { queue_full: 4 } })
    }))

  it.effect("drops spans of traces that were kept late first, then the oldest that are no errors", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<ExportOutcome>()
      const exporter = testExporter(Deferred.await(gate))
      const { end, ledger, processor } = yield* makeProcessor([exporter], { maxQueueSize: 4, maxExportBatchSize: 2 })
      const endWith = (options: Parameters<typeof endedSpan>[0]): void => {
        ledger.start()
        processor.onEnd(endedSpan(options))
      }
      end("in flight", "in flight")
      yield* settle
      endWith({ name: "error", status: "error" })
      end("old")
      endWith({ name: "late", attributes: { "sampling.kept_for": "error" } })
      end("young", "new", "newer")
      endWith({ name: "too late", attributes: { "sampling.kept_for": "slow" } })
      assertBalance(ledger, { inFlight: 2, queued: 4, dropped: { queue_full: 3 } })
      yield* Deferred.succeed(gate, allExported)
      yield* processor.flush
      assert.deepStrictEqual(exporter.attempts.slice(1).flat(), ["error", "young", "new", "newer"])
    }))

  it.effect("takes spans again when there is room again", () =>
    Effect.gen(function*() {
      const exporter = testExporter()
      const { end, ledger, processor } = yield* makeProcessor([exporter], { maxQueueSize: 10 })
      end(...names(22))
      yield* processor.flush
      end(...names(10))
      yield* processor.flush
      assertBalance(ledger, { exported: 30, dropped: { queue_full: 2 } })
    }))

  it.effect("drops what ends after the shutdown", () =>
    Effect.gen(function*() {
      const { end, ledger, processor } = yield* makeProcessor([testExporter()])
      yield* processor.shutdown
      end("late")
      assertBalance(ledger, { dropped: { shutdown: 1 } })
    }))
})

describe("BatchSpanProcessor, failing to deliver", () => {
  it.effect("tries again with growing pauses until the batch is taken", () =>
    Effect.gen(function*() {
      const exporter = testExporter(unreachable, unreachable, unreachable, unreachable)
      const { end, ledger } = yield* makeProcessor([exporter], { maxExportBatchSize: 1 })
      end("a")
      yield* settle
      assertBalance(ledger, { queued: 1 })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(exporter.attempts, [["a"], ["a"], ["a"], ["a"], ["a"]])
      const pauses = exporter.times.slice(1).map((time, index) => time - exporter.times[index]!)
      pauses.forEach((pause, index) => {
        assert.isAtLeast(pause, 500 * 2 ** index)
        assert.isAtMost(pause, 1500 * 2 ** index)
      })
      assertBalance(ledger, { exported: 1 })
    }))

  it.effect("keeps batches in order while it tries again", () =>
    Effect.gen(function*() {
      const exporter = testExporter(unreachable, Effect.succeed(allExported), unreachable)
      const { end } = yield* makeProcessor([exporter], { maxExportBatchSize: 1 })
      end("a", "b", "c")
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(exporter.attempts.flat(), ["a", "a", "b", "b", "c"])
    }))

  it.effect("makes no request before the time the receiver asked for, whoever asks", () =>
    Effect.gen(function*() {
      const exporter = testExporter(Effect.fail(failure({ retryable: true, retryAfterMillis: 60_000 })))
      const { end, ledger, processor } = yield* makeProcessor([exporter], { maxExportBatchSize: 1 })
      end("a", "b")
      yield* settle
      const flushing = yield* Effect.forkChild(processor.flush)
      yield* TestClock.adjust(59_999)
      assert.lengthOf(exporter.attempts, 1)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(exporter.attempts, [["a"], ["a"], ["b"]])
      yield* Fiber.join(flushing)
      assertBalance(ledger, { exported: 2 })
    }))

  it.effect("gives up what the receiver refuses for good, says why once, and goes on", () =>
    Effect.gen(function*() {
      const refused = Effect.fail(failure({ retryable: false, reason: "status 400" }))
      const exporter = testExporter(refused, refused)
      const { end, ledger, processor, warnings } = yield* makeProcessor([exporter], { maxExportBatchSize: 1 })
      end("a", "b", "c")
      yield* processor.flush
      assert.deepStrictEqual(exporter.attempts.flat(), ["a", "b", "c"])
      assertBalance(ledger, { exported: 1, dropped: { permanent_answer: 2 } })
      assert.deepStrictEqual(warnings.all.map(({ count, key }) => [key, count]), [["export test status 400", 2]])
      assert.include(warnings.all[0]!.message, "Nobody is there.")
      assert.include(warnings.all[0]!.message, "lost")
    }))

  it.effect("counts what the receiver refused of a batch, and says why", () =>
    Effect.gen(function*() {
      const exporter = testExporter(Effect.succeed({ rejected: 3, message: "too old" }))
      const { end, ledger, processor, warnings } = yield* makeProcessor([exporter])
      end(...names(10))
      yield* processor.flush
      assertBalance(ledger, { exported: 7, rejected: 3 })
      assert.include(warnings.all[0]!.message, "refused 3 of 10 spans: too old")
    }))

  it.effect("keeps its books when the receiver claims to have refused more than it got", () =>
    Effect.gen(function*() {
      const exporter = testExporter(
        Effect.succeed({ rejected: 1000, message: "?" }),
        Effect.succeed({ rejected: -5, message: "?" })
      )
      const { end, ledger, processor } = yield* makeProcessor([exporter])
      end(...names(20))
      yield* processor.flush
      assertBalance(ledger, { exported: 10, rejected: 10 })
    }))

  it.effect("survives an exporter that throws, dies or interrupts itself, and counts what it had", () =>
    Effect.gen(function*() {
      const thrown = testExporter(Effect.die(new Error("oops")), Effect.interrupt)
      const exporter: SpanExporter = {
        ...thrown,
        export: (spans) => {
          if (spans[0]?.name === "throw") throw new Error("oops")
          return thrown.export(spans)
        }
      }
      const { end, ledger, processor, warnings } = yield* makeProcessor([exporter], { maxExportBatchSize: 1 })
      end("throw", "die", "interrupt", "fine")
      yield* processor.flush
      assertBalance(ledger, { exported: 1, dropped: { exporter_defect: 3 } })
      assert.include(warnings.all[0]!.message, "oops")
    }))

  it.effect("gives an attempt no more than its time, and tries again", () =>
    Effect.gen(function*() {
      const exporter = testExporter(Effect.never)
      const { end, ledger, warnings } = yield* makeProcessor([exporter], { maxExportBatchSize: 1 })
      end("a")
      yield* TestClock.adjust(30_000)
      assertBalance(ledger, { queued: 1 })
      yield* TestClock.adjust(2000)
      assertBalance(ledger, { exported: 1, maybeDoubled: 1 })
      assert.include(warnings.all[0]!.message, "OTEL_BSP_EXPORT_TIMEOUT")
    }))

  it.effect("tells that the receiver takes spans again", () =>
    Effect.gen(function*() {
      const lines: Array<unknown> = []
      const logger = Logger.make(({ message }) => lines.push(message))
      const exporter = testExporter(unreachable)
      const { end, processor } = yield* makeProcessor([exporter]).pipe(Effect.provide(Logger.layer([logger])))
      end("a")
      yield* processor.flush.pipe(
        Effect.forkChild,
        Effect.tap(TestClock.adjust("10 seconds")),
        Effect.flatMap(Fiber.join)
      )
      assert.match(String(lines), /test takes spans again after \d+\.\d s/)
    }))
})

describe("BatchSpanProcessor, with several exporters", () => {
  it.effect("lets none wait for another", () =>
    Effect.gen(function*() {
      const hanging = testExporter(Effect.never)
      const failing = deadExporter()
      const fine = testExporter()
      const { end, ledger } = yield* makeProcessor([hanging, failing, fine])
      end(...names(40))
      yield* settle
      assert.lengthOf(fine.attempts, 4)
      assert.lengthOf(hanging.attempts, 1)
      assertBalance(ledger, { inFlight: 10, queued: 30 })
    }))

  it.effect("counts a span once, as exported when each of them took it", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<ExportOutcome>()
      const { end, ledger, processor } = yield* makeProcessor([testExporter(), testExporter(Deferred.await(gate))])
      end(...names(10))
      yield* settle
      assertBalance(ledger, { inFlight: 10 })
      yield* Deferred.succeed(gate, allExported)
      yield* processor.flush
      assertBalance(ledger, { exported: 10 })
    }))

  it.effect("books a batch as the one that lost the most of it", () =>
    Effect.gen(function*() {
      const exporters = [
        testExporter(Effect.succeed({ rejected: 4, message: "no" })),
        testExporter(),
        testExporter(Effect.succeed({ rejected: 2, message: "no" }), Effect.fail(failure({ retryable: false })))
      ]
      const { end, ledger, processor } = yield* makeProcessor(exporters)
      end(...names(20))
      yield* processor.flush
      assertBalance(ledger, { exported: 6, rejected: 4, dropped: { permanent_answer: 10 } })
    }))

  it.effect("goes on with the others when the queue of one is full", () =>
    Effect.gen(function*() {
      const fine = testExporter()
      const hanging = { ...testExporter(Effect.never), name: "hanging" }
      const { end, ledger, warnings } = yield* makeProcessor([hanging, fine], { maxQueueSize: 10 })
      for (let i = 0; i < 3; i++) {
        end(...names(10))
        yield* settle
      }
      assert.lengthOf(fine.attempts, 3)
      assertBalance(ledger, { inFlight: 10, queued: 10, dropped: { queue_full: 10 } })
      assert.deepStrictEqual(warnings.all.map((warning) => warning.key), ["export hanging queue_full"])
    }))
})

describe("BatchSpanProcessor.flush", () => {
  it.effect("sends at once and waits until everything is delivered", () =>
    Effect.gen(function*() {
      const { end, ledger, processor } = yield* makeProcessor([testExporter()])
      end(...names(13))
      yield* processor.flush
      assertBalance(ledger, { exported: 13 })
    }))

  it.effect("does not wait for the pause between two attempts to be over", () =>
    Effect.gen(function*() {
      const exporter = testExporter(unreachable)
      const { end, ledger, processor } = yield* makeProcessor([exporter], { maxExportBatchSize: 1 })
      end("a")
      yield* settle
      yield* processor.flush
      assert.deepStrictEqual(exporter.times, [0, 0])
      assertBalance(ledger, { exported: 1 })
    }))

  it.live("waits no longer than one export may take", () =>
    Effect.gen(function*() {
      const exporter = testExporter(Effect.never)
      const { end, ledger, processor } = yield* makeProcessor([exporter], { exportTimeoutMillis: 50 })
      end("a")
      yield* processor.flush
      assert.strictEqual(ledger.balance.exported, 0)
    }))

  it.effect("returns at once when nothing waits", () =>
    Effect.gen(function*() {
      const { processor } = yield* makeProcessor([testExporter()])
      yield* processor.flush
    }))
})

describe("BatchSpanProcessor.shutdown", () => {
  it.effect("delivers what waits, then shuts the exporters down", () =>
    Effect.gen(function*() {
      const exporter = testExporter()
      const { end, ledger, processor } = yield* makeProcessor([exporter])
      end(...names(13))
      yield* processor.shutdown
      assertBalance(ledger, { exported: 13 })
      assert.isTrue(exporter.isShutDown)
    }))

  it.effect("happens when the scope closes", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const exporter = testExporter()
      const { end, ledger } = yield* Scope.provide(makeProcessor([exporter]), scope)
      end("a")
      yield* Scope.close(scope, Exit.void)
      assertBalance(ledger, { exported: 1 })
      assert.isTrue(exporter.isShutDown)
    }))

  it.effect("makes a second one wait for the first, and shuts down once", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<ExportOutcome>()
      let shutdowns = 0
      const exporter: SpanExporter = { ...testExporter(Deferred.await(gate)), shutdown: Effect.sync(() => shutdowns++) }
      const { end, ledger, processor } = yield* makeProcessor([exporter], { shutdownTimeoutMillis: 10_000 })
      end("a")
      const first = yield* Effect.forkChild(processor.shutdown)
      yield* settle
      const second = yield* Effect.forkChild(processor.shutdown)
      yield* settle
      assert.isUndefined(second.pollUnsafe())
      yield* Deferred.succeed(gate, allExported)
      yield* Fiber.join(second)
      yield* Fiber.join(first)
      assert.strictEqual(shutdowns, 1)
      assertBalance(ledger, { exported: 1 })
    }))

  it.effect("ends in time whatever an exporter does, even on a clock that stands still, and tells what is lost", () =>
    Effect.gen(function*() {
      const stubborn: SpanExporter = {
        name: "stubborn",
        export: () => Effect.uninterruptible(Effect.never),
        shutdown: Effect.uninterruptible(Effect.never)
      }
      const { end, ledger, processor, warnings } = yield* makeProcessor([stubborn], { shutdownTimeoutMillis: 50 })
      end(...names(25))
      yield* processor.shutdown
      assertBalance(ledger, { dropped: { shutdown: 25 } })
      assert.include(warnings.all[0]!.message, "25 spans")
      assert.include(warnings.all[0]!.message, "TRACING_SHUTDOWN_TIMEOUT_MS")
    }))

  it.effect("shuts down those whose time was up as well", () =>
    Effect.gen(function*() {
      const exporter = testExporter(Effect.never)
      const { end, processor } = yield* makeProcessor([exporter], { shutdownTimeoutMillis: 50 })
      end("a")
      yield* processor.shutdown
      assert.isTrue(exporter.isShutDown)
    }))

  it.live("delivers to the others when the shutdown of one has a defect, and tells it", () =>
    Effect.gen(function*() {
      const broken: SpanExporter = { ...testExporter(), shutdown: Effect.die(new Error("oops")) }
      const slow = testExporter(Effect.delay(Effect.succeed(allExported), 100))
      const { end, ledger, processor, warnings } = yield* makeProcessor([broken, slow], { shutdownTimeoutMillis: 5000 })
      end("a")
      yield* processor.shutdown
      assertBalance(ledger, { exported: 1 })
      assert.isTrue(slow.isShutDown)
      assert.include(warnings.all[0]!.message, "oops")
    }))

  it.effect("does not wait for a time that comes too late", () =>
    Effect.gen(function*() {
      const exporter = testExporter(Effect.fail(failure({ retryable: true, retryAfterMillis: 3_600_000 })))
      const { end, ledger, processor } = yield* makeProcessor([exporter], { shutdownTimeoutMillis: 600_000 })
      end("a")
      yield* processor.shutdown
      assert.lengthOf(exporter.attempts, 1)
      assertBalance(ledger, { dropped: { shutdown: 1 } })
    }))

  it.live("tries again while there is time", () =>
    Effect.gen(function*() {
      const exporter = testExporter(unreachable)
      const { end, ledger, processor } = yield* makeProcessor([exporter], { shutdownTimeoutMillis: 10_000 })
      end("a")
      yield* processor.shutdown
      assertBalance(ledger, { exported: 1 })
    }))
})

describe("BatchSpanProcessor, exporting", () => {
  it.effect("has no tracer, no trace headers and no context of whoever ended the span", () =>
    Effect.gen(function*() {
      const storage = new AsyncLocalStorage<string>()
      const seen = yield* Deferred.make<ReadonlyArray<unknown>>()
      const exporter: SpanExporter = {
        ...testExporter(),
        export: () =>
          Effect.gen(function*() {
            const facts = [yield* References.TracerEnabled, yield* Tracer.DisablePropagation, storage.getStore()]
            yield* Deferred.succeed(seen, facts)
            return allExported
          })
      }
      const { processor } = yield* makeProcessor([exporter], { maxExportBatchSize: 1 }).pipe(Effect.withSpan("main"))
      storage.run("request", () => processor.onEnd(endedSpan({ name: "a" })))
      assert.deepStrictEqual(yield* Deferred.await(seen), [false, true, undefined])
    }))
})

describe("BatchSpanProcessor and its ledger", () => {
  const reaction = Arbitrary.schema(Schema.Literals([
    "take",
    "reject",
    "retry",
    "doubt",
    "later",
    "refuse",
    "tooLarge",
    "unreadable",
    "unencodable",
    "die",
    "hang"
  ]))

  const effectOf = (
    name: typeof reaction extends Arbitrary.Arbitrary<infer A> ? A : never
  ): Effect.Effect<ExportOutcome, ExportError> => {
    switch (name) {
      case "take":
        return Effect.succeed(allExported)
      case "reject":
        return Effect.succeed({ rejected: 1, message: "no" })
      case "retry":
        return unreachable
      case "later":
        return Effect.fail(failure({ retryable: true, retryAfterMillis: 5000 }))
      case "doubt":
        return Effect.fail(failure({ retryable: true, mayHaveArrived: true }))
      case "tooLarge":
        return Effect.fail(failure({ retryable: false, fault: "size" }))
      case "unreadable":
        return Effect.fail(failure({ retryable: false, fault: "content" }))
      case "unencodable":
        return Effect.fail(failure({ retryable: false, fault: "encoding" }))
      case "refuse":
        return Effect.fail(failure({ retryable: false }))
      case "die":
        return Effect.die("oops")
      case "hang":
        return Effect.never
    }
  }

  it.effect.prop(
    "balance at every moment, whatever the exporters do",
    {
      exporters: Arbitrary.array(Arbitrary.array(reaction), { maxLength: 3 }),
      bursts: Arbitrary.array(Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 25 }))), {
        maxLength: 6
      })
    },
    ({ bursts, exporters }) =>
      Effect.scoped(Effect.gen(function*() {
        const made = exporters.map((reactions) => testExporter(...reactions.map(effectOf)))
        const { end, ledger, processor } = yield* makeProcessor(made, { maxQueueSize: 30, shutdownTimeoutMillis: 5 })
        for (const burst of bursts) {
          end(...names(burst))
          assert.strictEqual(sumOf(ledger.balance), ledger.balance.started)
          yield* TestClock.adjust(2500)
          assert.strictEqual(sumOf(ledger.balance), ledger.balance.started)
        }
        yield* processor.shutdown
        const { active, inFlight, queued, started } = ledger.balance
        assert.strictEqual(sumOf(ledger.balance), started)
        assert.deepStrictEqual({ active, inFlight, queued }, { active: 0, inFlight: 0, queued: 0 })
      }))
  )
})
