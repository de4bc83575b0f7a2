import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import type { Account, Ledger, Warnings } from "../ledger/index.ts"
import type { EndedSpan } from "../model/index.ts"
import { Background } from "./Background.ts"
import { longestTimer, realClock } from "./backgroundClock.ts"
import { Batch } from "./Batch.ts"
import type { BatchSettings } from "./BatchSettings.ts"
import type { ExporterStatus } from "./ExporterHealth.ts"
import { ExportWorker } from "./ExportWorker.ts"
import { wasKeptLate } from "./Load.ts"
import { OpenBatch } from "./OpenBatch.ts"
import { spanBytes } from "./spanBytes.ts"
import type { SpanExporter } from "./SpanExporter.ts"

/**
 * What a {@link BatchSpanProcessor} is made from.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchSpanProcessorOptions {
  readonly exporters: ReadonlyArray<SpanExporter>
  readonly batch: BatchSettings
  /** Bounds the whole shutdown, whatever the exporters do, in milliseconds (`TRACING_SHUTDOWN_TIMEOUT_MS`). */
  readonly shutdownTimeoutMillis: number
  readonly ledger: Ledger
  readonly warnings: Warnings
}

/**
 * Spans are sent when they take so many bytes, by estimate, however few they are: receivers refuse requests over 4 MiB.
 * What a span takes in memory is nearly always more than what it takes encoded.
 */
const maxBatchBytes = 4 * 1024 * 1024

/**
 * Collects ended spans into batches and sees to it that each exporter gets each of them.
 *
 * **Details**
 *
 * A batch is sent when it is full, in spans or in bytes, or its first span has waited long enough. What cannot be
 * delivered now waits, up to a bound in bytes, and is tried again with growing pauses; a `Retry-After` is kept to the
 * letter. Where the bound is reached, spans of traces that were kept late are dropped first, then the oldest that are no
 * errors. Each span is in one account of the ledger: `queued`, `inFlight` while an exporter sends its batch, then
 * `exported` if every exporter took it, `rejected` or dropped with the reason if one did not.
 *
 * Nothing here keeps the process alive, except a flush or shutdown that is being waited for.
 *
 * @category processors
 * @since 0.1.0
 */
export class BatchSpanProcessor {
  private readonly options: BatchSpanProcessorOptions
  private readonly workers: ReadonlyArray<ExportWorker>
  private readonly background: Background
  private readonly batchSize: number
  private readonly batchBytes: number
  private open: OpenBatch
  private timerRuns = false
  private isClosed = false
  private readonly shutDown = Latch.makeUnsafe(false)
  private readonly cutShort = Latch.makeUnsafe(false)

  private constructor(
    options: BatchSpanProcessorOptions,
    workers: ReadonlyArray<ExportWorker>,
    background: Background
  ) {
    const { batch } = options
    this.options = options
    this.workers = workers
    this.background = background
    this.open = new OpenBatch(options.exporters)
    this.batchSize = Math.max(1, Math.min(batch.maxExportBatchSize, batch.maxQueueSize ?? Infinity))
    this.batchBytes = Math.min(maxBatchBytes, batch.queueBytes / 4)
  }

  /**
   * Makes a processor that is shut down when the scope closes.
   */
  static readonly make: (
    options: BatchSpanProcessorOptions
  ) => Effect.Effect<BatchSpanProcessor, never, Scope.Scope> = Effect.fnUntraced(function*(options) {
    const background = new Background(yield* Effect.context())
    const { batch: settings, exporters, ledger, warnings } = options
    const workers = exporters.map((exporter, place) =>
      new ExportWorker({ exporter, place, settings, ledger, warnings, background })
    )
    return yield* Effect.acquireRelease(
      Effect.sync(() => new BatchSpanProcessor(options, workers, background)),
      (processor) => processor.shutdown
    )
  })

  /**
   * Takes a span that has ended out of the account `from` of the ledger. Never throws, never waits.
   */
  onEnd(span: EndedSpan, from: Account = "active"): void {
    const { ledger } = this.options
    if (this.workers.length === 0) return ledger.drop(from, "no_exporter")
    if (this.isClosed) return ledger.drop(from, "shutdown")
    const bytes = spanBytes(span)
    if (!this.hasRoomFor(bytes) && !this.makeRoomFor(bytes, wasKeptLate(span))) {
      for (const worker of this.workers) worker.turnAway(1)
      return ledger.drop(from, "queue_full")
    }
    ledger.move(from, "queued")
    const { open } = this
    open.add(span, bytes)
    if (open.size >= this.batchSize || open.bytes >= this.batchBytes) this.seal()
    else if (!this.timerRuns) this.startTimer()
  }

  /**
   * Sends what waits now, and waits until it is delivered or given up, or for as long as one export may take
   * (`exportTimeoutMillis`).
   */
  readonly flush: Effect.Effect<void> = Effect.suspend(() => {
    this.seal()
    for (const worker of this.workers) worker.hurry()
    return this.within(
      this.options.batch.exportTimeoutMillis,
      Effect.forEach(this.workers, (worker) => worker.flushed, { discard: true })
    )
  })

  /**
   * Sends what waits and shuts the exporters down, all within the time bound. What is not delivered by then is given
   * up. A second time it only waits for the first.
   */
  readonly shutdown: Effect.Effect<void> = Effect.suspend(() => {
    if (this.isClosed) return this.shutDown.await
    this.seal()
    this.isClosed = true
    const millis = this.options.shutdownTimeoutMillis
    const open = new Set(this.workers)
    const close = (worker: ExportWorker): Effect.Effect<void> => {
      open.delete(worker)
      return worker.shutDown
    }
    for (const worker of this.workers) worker.closeWithin(millis)
    return this.within(
      millis,
      Effect.forEach(this.workers, (worker) => Effect.andThen(worker.settled, Effect.suspend(() => close(worker))), {
        concurrency: "unbounded",
        discard: true
      }).pipe(Effect.raceFirst(this.cutShort.await))
    ).pipe(Effect.ensuring(Effect.sync(() => {
      for (const worker of this.workers) {
        worker.abandon()
        worker.stop()
      }
      // Those whose time was up are told all the same, but nobody waits for them.
      for (const worker of open) this.background.fork(close(worker))
      this.shutDown.openUnsafe()
    })))
  })

  /** Whether spans can be kept without waiting, so that they outlive the process. */
  get canRescue(): boolean {
    return this.workers.some((worker) => worker.canRescue)
  }

  /** Writes to the spools, where there are any, all that is not delivered: nothing asynchronous happens any more. */
  rescue(): void {
    this.seal()
    for (const worker of this.workers) worker.rescue()
  }

  /** Ends a shutdown that is under way: what is not delivered is given up at once. A later one is not affected. */
  cutShutdownShort(): void {
    if (this.isClosed) this.cutShort.openUnsafe()
  }

  /** How long an exporter had been failing at the worst, in milliseconds. */
  get longestOutageMillis(): number {
    return Math.max(0, ...this.workers.map((worker) => worker.longestOutageMillis))
  }

  /** How each exporter fares, in the order they were given. */
  readonly exporters: Effect.Effect<ReadonlyArray<ExporterStatus>> = Effect.sync(() =>
    this.workers.map((worker) => worker.status)
  )

  private hasRoomFor(bytes: number): boolean {
    const { open, workers } = this
    for (let place = 0; place < workers.length; place++) {
      if (workers[place]!.hasRoomFor(open.size + 1, open.bytesFor(place) + bytes)) return true
    }
    return false
  }

  private makeRoomFor(bytes: number, isKeptLate: boolean): boolean {
    const { open, workers } = this
    let hasRoom = false
    for (const [place, worker] of workers.entries()) {
      if (worker.makeRoomFor(open.size + 1, open.bytesFor(place) + bytes, isKeptLate)) hasRoom = true
    }
    return hasRoom
  }

  private seal(): void {
    const { open, workers } = this
    if (open.size === 0) return
    const { exporters, ledger } = this.options
    this.open = new OpenBatch(exporters)
    const batch = new Batch(ledger, open.size, workers.length)
    const shares = open.close()
    for (const [place, worker] of workers.entries()) worker.offer(batch, shares[place]!)
  }

  // One timer at a time: a batch that filled up before its timer fired leaves it to the next, which is then sent early.
  private startTimer(): void {
    this.timerRuns = true
    this.background.after(this.options.batch.scheduleDelayMillis, () => {
      this.timerRuns = false
      this.seal()
    })
  }

  /**
   * Waits for the work, but no longer than that, and whatever the work does: it may not even react to interruption. On
   * the machine's own clock, whose timers keep the process alive for that long.
   */
  private within(millis: number, work: Effect.Effect<void>): Effect.Effect<void> {
    return Effect.suspend(() => {
      const fiber = this.background.fork(work)
      return Effect.interruptible(Fiber.await(fiber)).pipe(
        Effect.timeoutOption(Duration.millis(Math.min(millis, longestTimer))),
        Effect.provideService(Clock.Clock, realClock),
        Effect.ensuring(Effect.sync(() => fiber.interruptUnsafe())),
        Effect.asVoid
      )
    })
  }
}
