import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { Ledger, Warnings } from "../ledger/index.ts"
import type { Background } from "./Background.ts"
import { Backlog } from "./Backlog.ts"
import type { Batch } from "./Batch.ts"
import type { BatchSettings } from "./BatchSettings.ts"
import { Circuit } from "./Circuit.ts"
import { Delivery } from "./Delivery.ts"
import type { ExporterStatus } from "./ExporterHealth.ts"
import { ExporterHealth } from "./ExporterHealth.ts"
import { ExporterReports } from "./ExporterReports.ts"
import type { Share } from "./Load.ts"
import { Overflow } from "./Overflow.ts"
import { Settlement } from "./Settlement.ts"
import type { ExportOutcome, SpanExporter } from "./SpanExporter.ts"
import { ExportError } from "./SpanExporter.ts"

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
  readonly background: Background
}

/**
 * Delivers batches to one exporter, trying again until they are taken.
 *
 * **Details**
 *
 * Each exporter has a worker and so a backlog of its own: one that hangs or fails delays nobody else.
 */
export class ExportWorker {
  readonly exporter: SpanExporter
  private readonly place: number
  private readonly settings: BatchSettings
  private readonly background: Background
  private readonly backlog: Backlog
  private readonly circuit = new Circuit()
  private readonly reports: ExporterReports
  private readonly overflow: Overflow
  private readonly settlement: Settlement
  private readonly attempts = new Set<Fiber.Fiber<unknown, unknown>>()
  /** Ends a pause before the next attempt, if there is one. */
  private endPause: (() => void) | undefined

  constructor({ background, exporter, ledger, place, settings, warnings }: ExportWorkerOptions) {
    const { name } = exporter
    this.exporter = exporter
    this.place = place
    this.settings = settings
    this.background = background
    this.backlog = new Backlog(settings)
    this.reports = new ExporterReports(name, settings, new ExporterHealth(background), ledger, warnings)
    this.overflow = new Overflow(exporter.encoded?.spool, this.backlog, this.reports)
    this.settlement = new Settlement({
      name,
      backlog: this.backlog,
      circuit: this.circuit,
      reports: this.reports,
      overflow: this.overflow,
      nowMillis: () => background.nowMillis
    })
  }

  /** How the exporter fares right now. */
  get status(): ExporterStatus {
    return this.reports.health.statusOf(this.exporter.name, this.backlog.spans, this.overflow.spans)
  }

  /** How long the receiver had been failing at the worst, in milliseconds. */
  get longestOutageMillis(): number {
    return this.circuit.longestOutageAt(this.background.nowMillis)
  }

  /** Whether that much more may wait. */
  hasRoomFor(spans: number, bytes: number): boolean {
    return this.backlog.hasRoomFor(spans, bytes)
  }

  /** Gives up spans that are worth less than what comes, and says whether there is room for it now. */
  makeRoomFor(spans: number, bytes: number, isKeptLate: boolean): boolean {
    while (!this.backlog.hasRoomFor(spans, bytes)) if (!this.overflow.keepNext()) break
    if (this.backlog.hasRoomFor(spans, bytes)) return true
    const dropped = this.backlog.makeRoom(spans, bytes, isKeptLate)
    if (dropped > 0) this.reports.turnedAway(dropped)
    return this.backlog.hasRoomFor(spans, bytes)
  }

  /** Puts its share of a batch in the line, or gives it up where there is no room. */
  offer(batch: Batch, { failed, failure, load }: Share): void {
    if (failed > 0) {
      this.reports.unencodable(failed, failure)
      batch.drop(this.place, "encoding", failed)
    }
    if (load.size === 0) return
    const delivery = new Delivery(batch, this.place, load)
    if (this.overflow.comesFirst && this.overflow.keep(delivery)) return
    if (!this.backlog.hasRoomFor(load.size, load.bytes) && !this.makeRoomFor(load.size, load.bytes, false)) {
      this.reports.turnedAway(load.size)
      return delivery.drop("queue_full")
    }
    this.backlog.add(delivery)
    this.look()
  }

  /** Waits until everything offered so far is decided, by all exporters. */
  get settled(): Effect.Effect<void> {
    return Effect.suspend(() => Effect.forEach(this.backlog.settled, (settled) => settled.await, { discard: true }))
  }

  /** Waits until everything offered so far is decided, or on disk and one more attempt to deliver it was made. */
  get flushed(): Effect.Effect<void> {
    return Effect.andThen(this.settled, this.exporter.encoded?.spool?.drained ?? Effect.void)
  }

  /** Ends a wait between two attempts, unless the receiver asked for it. */
  hurry(): void {
    this.circuit.hurry()
    this.look()
  }

  /** The process ends: from now on only what can be delivered within that time is tried. */
  closeWithin(millis: number): void {
    this.circuit.closeAt(this.background.nowMillis + millis)
    if (this.circuit.isHopeless) this.abandon()
    else this.look()
  }

  /** Ends the attempts that are under way. Nothing that waits is sent any more. */
  stop(): void {
    this.endPause?.()
    for (const attempt of this.attempts) attempt.interruptUnsafe()
  }

  /** Gives up everything that is not decided, because the process ends. */
  abandon(): void {
    const deliveries = this.backlog.clear().filter((delivery) => !this.overflow.keep(delivery))
    const spans = deliveries.reduce((sum, delivery) => sum + delivery.size, 0)
    if (spans === 0) return
    this.reports.warn(
      "shutdown",
      `${spans} spans could not be delivered to ${this.exporter.name} before the process ended and are lost. ` +
        "The time for it is TRACING_SHUTDOWN_TIMEOUT_MS.",
      spans
    )
    this.reports.health.book(0, 0, spans)
    for (const delivery of deliveries) delivery.drop("shutdown")
  }

  /** Shuts the exporter down; what goes wrong there is told and goes no further. */
  get shutDown(): Effect.Effect<void> {
    return Effect.catchCause(
      Effect.suspend(() => this.exporter.shutdown),
      (cause) => Effect.sync(() => this.reports.defect("shutdown defect", cause))
    )
  }

  /** Books and tells that spans are dropped because as many as may wait are waiting. */
  turnAway(spans: number): void {
    this.reports.turnedAway(spans)
  }

  /** Whether there is a spool. */
  get canRescue(): boolean {
    return this.exporter.encoded?.spool !== undefined
  }

  /** Writes to the spool, where there is one, all that is not decided. */
  rescue(): void {
    if (this.canRescue) this.abandon()
  }

  /** Sends what waits, as far as it may be sent. Timers may fire early, so the clock has the last word. */
  private readonly look = (): void => {
    const { background, backlog, circuit, overflow } = this
    this.endPause?.()
    this.endPause = undefined
    // One at a time, each in its turn: the program has something to do as well.
    if (overflow.comesFirst && overflow.keepNext()) return background.later(this.look)
    while (!backlog.isEmpty && circuit.hasSlot) {
      const wait = circuit.waitAt(background.nowMillis)
      if (wait > 0) {
        this.endPause = background.after(Math.ceil(wait), this.look)
        return
      }
      const delivery = this.take()
      background.later(() => this.send(delivery))
    }
  }

  private take(): Delivery {
    this.circuit.begin()
    const delivery = this.backlog.take()
    if (!this.settlement.isRefusingAll || delivery.size === 1) return delivery
    this.backlog.replace(delivery, delivery.split(1))
    return this.backlog.take()
  }

  private send(delivery: Delivery): void {
    const { attempts, background, exporter, settings } = this
    // Given up before its turn came: the process ends.
    if (!this.backlog.has(delivery)) return this.circuit.end()
    const begun = background.nowMillis
    let isOverdue = false
    delivery.batch.take()
    const attempt = background.fork(Effect.suspend(() => delivery.load.sendBy(exporter)))
    attempts.add(attempt)
    const endAlarm = background.after(settings.exportTimeoutMillis, () => {
      isOverdue = true
      attempt.interruptUnsafe()
    })
    attempt.addObserver((exit) => {
      endAlarm()
      attempts.delete(attempt)
      delivery.batch.release()
      this.circuit.end()
      // Else it was given up in the meantime: the process ends.
      if (this.backlog.has(delivery)) this.settle(delivery, isOverdue ? this.overdue(delivery) : exit, begun)
      this.look()
    })
  }

  private overdue({ size }: Delivery): Exit.Exit<never, ExportError> {
    const { exportTimeoutMillis } = this.settings
    return Exit.fail(
      new ExportError({
        reason: "timeout",
        message: `${this.exporter.name} has not taken a batch of ${size} spans within ${exportTimeoutMillis} ms ` +
          "(OTEL_BSP_EXPORT_TIMEOUT). The batch is sent again: it may arrive twice.",
        retryable: true,
        retryAfterMillis: undefined,
        mayHaveArrived: true
      })
    )
  }

  private settle(delivery: Delivery, exit: Exit.Exit<ExportOutcome, ExportError>, begun: number): void {
    const { background, settlement } = this
    try {
      if (Exit.isSuccess(exit)) {
        const outage = settlement.succeeded(delivery, exit.value, begun)
        if (outage !== undefined) background.fork(Effect.logInfo(outage))
      } else settlement.failed(delivery, exit.cause, background.random)
    } catch (error) {
      // An encoding of the program's own that cannot take spans apart, for one.
      settlement.failed(delivery, Cause.die(error), background.random)
    }
    if (this.circuit.isHopeless) this.abandon()
  }
}
