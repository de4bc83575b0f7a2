import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import type { Warnings } from "../ledger/index.ts"
import { backoffMillis } from "./backoff.ts"
import type { Batch, Verdict } from "./Batch.ts"
import type { BatchSettings } from "./BatchSettings.ts"
import type { ExporterStatus } from "./ExporterHealth.ts"
import { ExporterHealth } from "./ExporterHealth.ts"
import type { ExportOutcome, SpanExporter } from "./SpanExporter.ts"
import { ExportError } from "./SpanExporter.ts"
import { detached } from "./untraced.ts"

/**
 * Delivers batches to one exporter, one after the other in the order they came, trying again until they are taken.
 *
 * **Details**
 *
 * Each exporter has a worker and so a queue of its own: one that hangs or fails delays nobody else.
 */
export class ExportWorker {
  readonly exporter: SpanExporter
  private readonly settings: BatchSettings
  private readonly warnings: Warnings
  private readonly clock: Clock.Clock
  private readonly queue: Queue.Queue<Batch>
  /** Batches this worker has not decided about, oldest first. */
  private readonly undecided = new Set<Batch>()
  private bytes = 0
  private waitingSpans = 0
  private readonly hurried = Latch.makeUnsafe(false)
  /** No request before this moment, as the receiver asked; on the monotonic clock, in milliseconds. */
  private notBefore = 0
  /** Waiting beyond this moment is in vain: the process ends. */
  private deadline = Infinity
  private failingSince: number | undefined
  private readonly health: ExporterHealth
  // Composed once: a flood of dropped spans must not build a message for each.
  private readonly queueFullMessage: string

  private constructor(
    exporter: SpanExporter,
    settings: BatchSettings,
    warnings: Warnings,
    clock: Clock.Clock,
    queue: Queue.Queue<Batch>
  ) {
    this.exporter = exporter
    this.settings = settings
    this.warnings = warnings
    this.clock = clock
    this.queue = queue
    this.health = new ExporterHealth(clock)
    this.queueFullMessage = `Spans are dropped: as many as may wait are waiting for ${exporter.name}. ` +
      `Is it reachable and fast enough? The bound is ${settings.queueBytes} bytes (TRACING_QUEUE_BYTES)` +
      (settings.maxQueueSize === undefined ? "." : ` and ${settings.maxQueueSize} spans (OTEL_BSP_MAX_QUEUE_SIZE).`)
  }

  static readonly make = (
    exporter: SpanExporter,
    settings: BatchSettings,
    warnings: Warnings,
    clock: Clock.Clock
  ): Effect.Effect<ExportWorker> =>
    Effect.map(Queue.unbounded<Batch>(), (queue) => new ExportWorker(exporter, settings, warnings, clock, queue))

  /** How the exporter fares right now. */
  get status(): ExporterStatus {
    const waiting = [...this.undecided].reduce((sum, batch) => sum + batch.spans.length, 0)
    return this.health.statusOf(this.exporter.name, waiting)
  }

  private get nowMillis(): number {
    return Number(this.clock.monotonicTimeNanosUnsafe()) / 1e6
  }

  /** Takes batches and delivers them, for ever. */
  get run(): Effect.Effect<never> {
    return Effect.forever(Effect.flatMap(Queue.take(this.queue), (batch) => this.deliver(batch)))
  }

  /** Whether that much more may wait. */
  hasRoomFor(spans: number, bytes: number): boolean {
    return this.bytes + bytes <= this.settings.queueBytes &&
      (this.settings.maxQueueSize === undefined || this.waitingSpans + spans <= this.settings.maxQueueSize)
  }

  /** Puts a batch in the queue, or gives it up where there is no room. */
  offer(batch: Batch): void {
    if (!this.hasRoomFor(batch.spans.length, batch.bytes)) {
      this.turnAway(batch.spans.length)
      return batch.settle({ rejected: 0, dropped: { queue_full: batch.spans.length } })
    }
    this.undecided.add(batch)
    this.bytes += batch.bytes
    this.waitingSpans += batch.spans.length
    detached(() => Queue.offerUnsafe(this.queue, batch))
  }

  /** Waits until everything offered so far is decided, by all exporters. */
  get settled(): Effect.Effect<void> {
    return Effect.suspend(() => Effect.forEach([...this.undecided], (batch) => batch.settled.await, { discard: true }))
  }

  /** Ends a wait between two attempts, unless the receiver asked for it. */
  hurry(): void {
    this.hurried.openUnsafe()
    this.hurried.closeUnsafe()
  }

  /** The process ends: from now on only what can be delivered within that time is tried. */
  closeWithin(millis: number): void {
    this.deadline = this.nowMillis + millis
    if (this.notBefore > this.deadline) this.abandon()
    else this.hurry()
  }

  /** Gives up everything that is not decided, because the process ends. */
  abandon(): void {
    if (this.undecided.size === 0) return
    const spans = [...this.undecided].reduce((sum, batch) => sum + batch.spans.length, 0)
    this.warn(
      "shutdown",
      `${spans} spans could not be delivered to ${this.exporter.name} before the process ended and are lost. ` +
        "The time for it is TRACING_SHUTDOWN_TIMEOUT_MS."
    )
    for (const batch of this.undecided) {
      this.settle(batch, { rejected: 0, dropped: { shutdown: batch.spans.length } })
    }
  }

  /** Shuts the exporter down; what goes wrong there is told and goes no further. */
  get shutDown(): Effect.Effect<void> {
    return Effect.catchCause(
      Effect.suspend(() => this.exporter.shutdown),
      (cause) => Effect.sync(() => this.warnOfDefect("shutdown defect", cause))
    )
  }

  /** Books and tells that spans are dropped because as many as may wait are waiting. */
  turnAway(spans: number): void {
    this.health.book(0, 0, spans)
    this.warn("queue_full", this.queueFullMessage)
  }

  /** Books what became of a batch. Comes after the warning about it: whoever waits for the batch goes on at once. */
  private settle(batch: Batch, verdict: Verdict): void {
    if (!this.undecided.delete(batch)) return
    const dropped = Object.values(verdict.dropped).reduce((sum, count) => sum + count, 0)
    this.health.book(batch.spans.length - verdict.rejected - dropped, verdict.rejected, dropped)
    this.bytes -= batch.bytes
    batch.settle(verdict)
  }

  private readonly deliver = Effect.fnUntraced(function*(this: ExportWorker, batch: Batch) {
    this.waitingSpans -= batch.spans.length
    for (let failures = 0; this.undecided.has(batch); failures++) {
      if (failures > 0) yield* this.backOff(failures)
      yield* this.waitAsAsked()
      if (this.undecided.has(batch)) yield* this.decide(batch, yield* Effect.exit(this.attempt(batch)))
    }
  })

  private decide(batch: Batch, exit: Exit.Exit<ExportOutcome, ExportError>): Effect.Effect<void> {
    // Given up in the meantime: the process ends.
    if (!this.undecided.has(batch)) return Effect.void
    if (Exit.isSuccess(exit)) return this.succeeded(batch, exit.value)
    return Option.match(Cause.findErrorOption(exit.cause), {
      onNone: () => this.gaveUpOnDefect(batch, exit.cause),
      onSome: (error) => error.retryable ? this.failed(error) : this.gaveUpForGood(batch, error)
    })
  }

  private attempt(batch: Batch): Effect.Effect<ExportOutcome, ExportError> {
    const { exporter, settings } = this
    return Effect.suspend(() => {
      batch.take()
      return exporter.export(batch.spans)
    }).pipe(
      Effect.timeoutOrElse({
        duration: Duration.millis(settings.exportTimeoutMillis),
        orElse: () =>
          Effect.fail(
            new ExportError({
              reason: "timeout",
              message: `${exporter.name} has not taken a batch of ${batch.spans.length} spans within ` +
                `${settings.exportTimeoutMillis} ms (OTEL_BSP_EXPORT_TIMEOUT). The batch is sent again: it may arrive twice.`,
              retryable: true,
              retryAfterMillis: undefined
            })
          )
      }),
      Effect.ensuring(Effect.sync(() => batch.release()))
    )
  }

  /** Waits until the receiver wants to hear of us again. Timers may fire early, so the clock has the last word. */
  private readonly waitAsAsked = Effect.fnUntraced(function*(this: ExportWorker) {
    for (let left = this.notBefore - this.nowMillis; left > 0; left = this.notBefore - this.nowMillis) {
      yield* Effect.sleep(Duration.millis(left))
    }
  })

  /** Waits before the next attempt, unless the receiver said itself for how long. */
  private readonly backOff = Effect.fnUntraced(function*(this: ExportWorker, failures: number) {
    if (this.notBefore > this.nowMillis) return
    const delay = backoffMillis(failures, yield* Random.next)
    yield* Effect.raceFirst(Effect.sleep(Duration.millis(delay)), this.hurried.await)
  })

  private failed(error: ExportError): Effect.Effect<void> {
    return Effect.sync(() => {
      const now = this.nowMillis
      this.failingSince ??= now
      this.notBefore = Math.max(this.notBefore, now + (error.retryAfterMillis ?? 0))
      this.health.failed(error)
      this.warn(error.reason, `${error.message} Spans wait and are sent again.`)
      if (this.notBefore > this.deadline) this.abandon()
    })
  }

  private readonly succeeded = Effect.fnUntraced(function*(this: ExportWorker, batch: Batch, outcome: ExportOutcome) {
    // A receiver that claims to have refused more than it got must not unbalance the books.
    const rejected = Math.min(Math.max(0, outcome.rejected), batch.spans.length)
    this.health.succeeded()
    if (rejected > 0) {
      this.warn(
        "rejected",
        `${this.exporter.name} refused ${rejected} of ${batch.spans.length} spans: ${outcome.message}`
      )
    } else if (outcome.message !== undefined) {
      this.warn("message", `${this.exporter.name} took the spans and says: ${outcome.message}`)
    }
    this.settle(batch, { rejected, dropped: {} })
    if (this.failingSince === undefined) return
    const seconds = (this.nowMillis - this.failingSince) / 1000
    this.failingSince = undefined
    yield* Effect.logInfo(`Tracing: ${this.exporter.name} takes spans again after ${seconds.toFixed(1)} s`)
  })

  private gaveUpForGood(batch: Batch, error: ExportError): Effect.Effect<void> {
    return Effect.sync(() => {
      this.health.failed(error)
      this.warn(error.reason, `${error.message} Spans sent there are lost.`)
      this.settle(batch, { rejected: 0, dropped: { permanent_answer: batch.spans.length } })
    })
  }

  private gaveUpOnDefect(batch: Batch, cause: Cause.Cause<ExportError>): Effect.Effect<void> {
    return Effect.sync(() => {
      this.health.failed({ reason: "defect", message: this.warnOfDefect("defect", cause), retryable: false })
      this.settle(batch, { rejected: 0, dropped: { exporter_defect: batch.spans.length } })
    })
  }

  private warnOfDefect(reason: string, cause: Cause.Cause<unknown>): string {
    const message = `${this.exporter.name} has a defect, and spans given to it may be lost. Tell its authors: ${
      Cause.pretty(cause)
    }`
    this.warn(reason, message)
    return message
  }

  private warn(reason: string, message: string): void {
    this.warnings.warn(`export ${this.exporter.name} ${reason}`, message)
  }
}
