import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type { DropReason, Ledger, Warnings } from "../ledger/index.ts"
import type { EndedSpan } from "../model/index.ts"
import { Backlog } from "./Backlog.ts"
import type { Batch } from "./Batch.ts"
import type { BatchSettings } from "./BatchSettings.ts"
import { Circuit } from "./Circuit.ts"
import { Delivery } from "./Delivery.ts"
import type { ExporterStatus } from "./ExporterHealth.ts"
import { ExporterHealth } from "./ExporterHealth.ts"
import { spanBytes } from "./spanBytes.ts"
import type { ExportOutcome, SpanExporter } from "./SpanExporter.ts"
import { ExportError } from "./SpanExporter.ts"
import { spillTo } from "./spillTo.ts"
import { trimSpan } from "./trimSpan.ts"
import { detached } from "./untraced.ts"

/**
 * What an {@link ExportWorker} is made from.
 */
export interface ExportWorkerOptions {
  readonly exporter: SpanExporter
  /** Its place in the list of exporters. */
  readonly place: number
  readonly settings: BatchSettings
  readonly ledger: Ledger
  readonly warnings: Warnings
  readonly clock: Clock.Clock
}

/** Single spans refused one after the other from which on it is the receiver that refuses, whatever it is sent. */
const refusalsThatTell = 2

/**
 * Delivers batches to one exporter, trying again until they are taken.
 *
 * **Details**
 *
 * Each exporter has a worker and so a backlog of its own: one that hangs or fails delays nobody else.
 *
 * What is too large is sent in halves. What the receiver cannot read is halved until the spans to blame are found. Where it refuses
 * whatever it gets, one span at a time is sent after a pause, until one is taken: the others wait.
 */
export class ExportWorker {
  readonly exporter: SpanExporter
  private readonly place: number
  private readonly settings: BatchSettings
  private readonly ledger: Ledger
  private readonly warnings: Warnings
  private readonly clock: Clock.Clock
  private readonly backlog: Backlog
  private readonly circuit = new Circuit()
  private readonly health: ExporterHealth
  /** Open when there may be something to do; closed by whoever looks. */
  private readonly changed = Latch.makeUnsafe(false)
  /** Single spans the receiver refused since it last took something. */
  private refusals = 0
  /** When the last request began that was taken, apart from those with parts of a batch on trial. */
  private lastTaken = -1
  // Composed once: a flood of dropped spans must not build a message for each.
  private readonly queueFullMessage: string

  constructor({ clock, exporter, ledger, place, settings, warnings }: ExportWorkerOptions) {
    this.exporter = exporter
    this.place = place
    this.settings = settings
    this.ledger = ledger
    this.warnings = warnings
    this.clock = clock
    this.backlog = new Backlog(settings)
    this.health = new ExporterHealth(clock)
    this.queueFullMessage = `Spans are dropped: as many as may wait are waiting for ${exporter.name}. ` +
      `Is it reachable and fast enough? The bound is ${settings.queueBytes} bytes (TRACING_QUEUE_BYTES)` +
      (settings.maxQueueSize === undefined ? "." : ` and ${settings.maxQueueSize} spans (OTEL_BSP_MAX_QUEUE_SIZE).`)
  }

  /** How the exporter fares right now. */
  get status(): ExporterStatus {
    return this.health.statusOf(this.exporter.name, this.backlog.spans)
  }

  /** How long the receiver had been failing at the worst, in milliseconds. */
  get longestOutageMillis(): number {
    return this.circuit.longestOutageAt(this.nowMillis)
  }

  private get nowMillis(): number {
    return Number(this.clock.monotonicTimeNanosUnsafe()) / 1e6
  }

  /** Takes what waits and delivers it, for ever. */
  get run(): Effect.Effect<never> {
    return Effect.forever(Effect.flatMap(this.next(), (delivery) => Effect.forkChild(this.deliver(delivery))))
  }

  /** Whether that much more may wait. */
  hasRoomFor(spans: number, bytes: number): boolean {
    return this.backlog.hasRoomFor(spans, bytes)
  }

  /** Gives up spans that are worth less than what comes, and says whether there is room for it now. */
  makeRoomFor(spans: number, bytes: number, isKeptLate: boolean): boolean {
    while (!this.backlog.hasRoomFor(spans, bytes)) if (!this.spillNext()) break
    if (this.backlog.hasRoomFor(spans, bytes)) return true
    const dropped = this.backlog.makeRoom(spans, bytes, isKeptLate)
    if (dropped > 0) this.turnAway(dropped)
    return this.backlog.hasRoomFor(spans, bytes)
  }

  /** Puts spans in the line, or gives them up where there is no room. */
  offer(batch: Batch, spans: ReadonlyArray<EndedSpan>, bytes: number): void {
    const delivery = new Delivery(batch, this.place, spans, bytes)
    if (this.spoolComesFirst && this.spill(delivery)) return
    if (!this.backlog.hasRoomFor(spans.length, bytes) && !this.makeRoomFor(spans.length, bytes, false)) {
      this.turnAway(spans.length)
      return delivery.drop("queue_full")
    }
    this.backlog.add(delivery)
    this.wake()
  }

  /** Waits until everything offered so far is decided, by all exporters. */
  get settled(): Effect.Effect<void> {
    return Effect.suspend(() => Effect.forEach(this.backlog.settled, (settled) => settled.await, { discard: true }))
  }

  /** Waits until everything offered so far is decided, or on disk and one more attempt to deliver it was made. */
  get flushed(): Effect.Effect<void> {
    return Effect.andThen(this.settled, this.exporter.spool?.drained ?? Effect.void)
  }

  /** Ends a wait between two attempts, unless the receiver asked for it. */
  hurry(): void {
    this.circuit.hurry()
    this.wake()
  }

  /** The process ends: from now on only what can be delivered within that time is tried. */
  closeWithin(millis: number): void {
    this.circuit.closeAt(this.nowMillis + millis)
    if (this.circuit.isHopeless) this.abandon()
    else this.wake()
  }

  /** Gives up everything that is not decided, because the process ends. */
  abandon(): void {
    const deliveries = this.backlog.clear().filter((delivery) => !this.spill(delivery))
    const spans = deliveries.reduce((sum, delivery) => sum + delivery.size, 0)
    if (spans === 0) return
    this.warn(
      "shutdown",
      `${spans} spans could not be delivered to ${this.exporter.name} before the process ended and are lost. ` +
        "The time for it is TRACING_SHUTDOWN_TIMEOUT_MS.",
      spans
    )
    this.health.book(0, 0, spans)
    for (const delivery of deliveries) delivery.drop("shutdown")
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
    this.warn("queue_full", this.queueFullMessage, spans)
  }

  // Outside the context of whoever ended a span: what wakes up here goes on for others.
  private wake(): void {
    detached(() => this.changed.openUnsafe())
  }

  /** Waits until something waits and may be sent. Timers may fire early, so the clock has the last word. */
  private readonly next = Effect.fnUntraced(function*(this: ExportWorker) {
    while (true) {
      const { backlog, changed, circuit } = this
      changed.closeUnsafe()
      if (this.spoolComesFirst && this.spillNext()) {
        yield* Effect.yieldNow
        continue
      }
      if (backlog.isEmpty || !circuit.hasSlot) {
        yield* changed.await
        continue
      }
      const wait = circuit.waitAt(this.nowMillis)
      if (wait <= 0) return this.take()
      yield* Effect.raceFirst(Effect.sleep(Duration.millis(Math.ceil(wait))), changed.await)
    }
  })

  private take(): Delivery {
    this.circuit.begin()
    const delivery = this.backlog.take()
    if (this.refusals < refusalsThatTell || delivery.size === 1) return delivery
    this.backlog.replace(delivery, delivery.split(1))
    return this.backlog.take()
  }

  private readonly deliver = Effect.fnUntraced(function*(this: ExportWorker, delivery: Delivery) {
    const begun = this.nowMillis
    const exit = yield* Effect.exit(this.attempt(delivery))
    const random = yield* Random.next
    this.circuit.end()
    // Else it was given up in the meantime: the process ends.
    if (this.backlog.has(delivery)) {
      if (Exit.isSuccess(exit)) yield* this.succeeded(delivery, exit.value, begun)
      else this.failed(delivery, exit.cause, random)
    }
    this.wake()
  })

  private attempt(delivery: Delivery): Effect.Effect<ExportOutcome, ExportError> {
    const { exporter, settings } = this
    return Effect.suspend(() => {
      delivery.batch.take()
      return exporter.export(delivery.spans)
    }).pipe(
      Effect.timeoutOrElse({
        duration: Duration.millis(settings.exportTimeoutMillis),
        orElse: () =>
          Effect.fail(
            new ExportError({
              reason: "timeout",
              message: `${exporter.name} has not taken a batch of ${delivery.size} spans within ` +
                `${settings.exportTimeoutMillis} ms (OTEL_BSP_EXPORT_TIMEOUT). The batch is sent again: it may arrive twice.`,
              retryable: true,
              retryAfterMillis: undefined,
              mayHaveArrived: true
            })
          )
      }),
      Effect.ensuring(Effect.sync(() => delivery.batch.release()))
    )
  }

  private succeeded(delivery: Delivery, outcome: ExportOutcome, begun: number): Effect.Effect<void> {
    // A receiver that claims to have refused more than it got must not unbalance the books.
    const rejected = Math.min(Math.max(0, outcome.rejected), delivery.size)
    const taken = delivery.size - rejected
    if (rejected > 0) {
      this.warn(
        "rejected",
        `${this.exporter.name} refused ${rejected} of ${delivery.size} spans: ${outcome.message}`,
        rejected
      )
    } else if (outcome.message !== undefined) {
      this.warn("message", `${this.exporter.name} took the spans and says: ${outcome.message}`)
    }
    if (delivery.mayHaveArrived || outcome.mayBeDoubled === true) this.maybeDoubled(taken)
    this.refusals = 0
    if (delivery.trial === undefined) this.lastTaken = Math.max(this.lastTaken, begun)
    else delivery.trial.isPartlyTaken = true
    this.health.succeeded()
    this.health.book(taken, rejected, 0)
    this.backlog.settle(delivery)
    const now = this.nowMillis
    const outage = this.circuit.succeeded(now, now - begun, !this.backlog.isEmpty)
    delivery.arrived(rejected)
    return outage === undefined
      ? Effect.void
      : Effect.logInfo(`Tracing: ${this.exporter.name} takes spans again after ${(outage / 1000).toFixed(1)} s`)
  }

  private failed(delivery: Delivery, cause: Cause.Cause<ExportError>, random: number): void {
    const error = Option.getOrUndefined(Cause.findErrorOption(cause))
    if (error === undefined) {
      this.health.failed({ reason: "defect", message: this.warnOfDefect("defect", cause), retryable: false })
      return this.giveUp(delivery, "exporter_defect")
    }
    this.health.failed(error)
    if (error.fault !== undefined) return this.mend(delivery, error, error.fault, random)
    if (!error.retryable) {
      this.warn(error.reason, `${error.message} Spans sent there are lost.`, delivery.size)
      return this.giveUp(delivery, "permanent_answer")
    }
    if (error.mayHaveArrived === true) delivery.mayHaveArrived = true
    this.circuit.failed(this.nowMillis, error.retryAfterMillis, random)
    this.warn(error.reason, `${error.message} Spans wait and are sent again.`)
    if (this.spill(delivery)) return this.backlog.settle(delivery)
    this.backlog.replace(delivery, [delivery])
    if (this.circuit.isHopeless) this.abandon()
  }

  private maybeDoubled(spans: number): void {
    if (spans === 0) return
    this.ledger.maybeDoubled(spans)
    this.warn(
      "maybe doubled",
      `${spans} spans may be at ${this.exporter.name} twice: the first request with them got no answer, and they were sent again.`,
      spans
    )
  }

  private get spoolComesFirst(): boolean {
    return this.exporter.spool?.comesFirst === true
  }

  /** Has spans kept on disk, where there is a place for them; says whether they are. From there they are delivered without us. */
  private spill(delivery: Delivery): boolean {
    return spillTo(this.exporter.spool, delivery, (taken, rejected, dropped, isMaybeDoubled) => {
      if (isMaybeDoubled) this.maybeDoubled(taken)
      if (taken > 0) this.health.succeeded()
      this.health.book(taken, rejected, dropped)
    })
  }

  private spillNext(): boolean {
    if (this.backlog.isEmpty || this.exporter.spool === undefined) return false
    const delivery = this.backlog.take()
    const isKept = this.spill(delivery)
    if (isKept) this.backlog.settle(delivery)
    else this.backlog.replace(delivery, [delivery])
    return isKept
  }

  /** Something is wrong with the spans: sends them in halves, and gives up a single one that cannot be helped. */
  private mend(
    delivery: Delivery,
    error: ExportError,
    fault: NonNullable<ExportError["fault"]>,
    random: number
  ): void {
    this.circuit.narrow()
    if (fault === "content") delivery.trial ??= { since: this.nowMillis, isPartlyTaken: false }
    if (delivery.size > 1) {
      this.backlog.replace(delivery, delivery.split(delivery.size >> 1))
      if (this.refusals >= refusalsThatTell) this.backlog.setAside(delivery)
      return
    }
    if (fault === "size") {
      if (delivery.isTrimmed) return this.lose(delivery, error, "too_large")
      this.warn(error.reason, `${error.message} The span "${delivery.spans[0]!.name}" is cut down and sent again.`)
      return this.trim(delivery)
    }
    if (fault === "encoding") return this.lose(delivery, error, "encoding")
    this.lose(delivery, error, "permanent_answer")
    if (++this.refusals < refusalsThatTell) return
    const { trial } = delivery
    if (trial !== undefined && !trial.isPartlyTaken && this.lastTaken > trial.since) {
      // Others were taken since this was first refused, and nothing of it: it is the batch that is to blame.
      for (const part of this.backlog.removeBatch(delivery)) this.lose(part, error, "permanent_answer")
    } else {
      this.backlog.setAside(delivery)
      this.circuit.failed(this.nowMillis, undefined, random)
    }
  }

  private trim(delivery: Delivery): void {
    const spans = delivery.spans.map(trimSpan)
    const trimmed = new Delivery(
      delivery.batch,
      delivery.exporter,
      spans,
      spans.reduce((sum, span) => sum + spanBytes(span), 0)
    )
    trimmed.isTrimmed = true
    this.backlog.replace(delivery, [trimmed])
  }

  private lose(delivery: Delivery, error: ExportError, reason: DropReason): void {
    this.warn(error.reason, `${error.message} Spans that it cannot take are lost.`, delivery.size)
    this.giveUp(delivery, reason)
  }

  /** Comes after the warning about it: whoever waits for the batch goes on at once. */
  private giveUp(delivery: Delivery, reason: DropReason): void {
    this.health.book(0, 0, delivery.size)
    this.backlog.settle(delivery)
    delivery.drop(reason)
  }

  private warnOfDefect(reason: string, cause: Cause.Cause<unknown>): string {
    const message = `${this.exporter.name} has a defect, and spans given to it may be lost. Tell its authors: ${
      Cause.pretty(cause)
    }`
    this.warn(reason, message)
    return message
  }

  private warn(reason: string, message: string, count: number = 1): void {
    this.warnings.warnAgain(`export ${this.exporter.name} ${reason}`, message, count)
  }
}
