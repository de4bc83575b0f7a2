import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Random from "effect/Random"
import type { Ledger, Warnings } from "../ledger/index.ts"
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
  private readonly clock: Clock.Clock
  private readonly backlog: Backlog
  private readonly circuit = new Circuit()
  private readonly reports: ExporterReports
  private readonly overflow: Overflow
  private readonly settlement: Settlement
  /** Open when there may be something to do; closed by whoever looks. */
  private readonly changed = Latch.makeUnsafe(false)

  constructor({ clock, exporter, ledger, place, settings, warnings }: ExportWorkerOptions) {
    const { name } = exporter
    this.exporter = exporter
    this.place = place
    this.settings = settings
    this.clock = clock
    this.backlog = new Backlog(settings)
    this.reports = new ExporterReports(name, settings, new ExporterHealth(clock), ledger, warnings)
    this.overflow = new Overflow(exporter.encoded?.spool, this.backlog, this.reports)
    this.settlement = new Settlement({
      name,
      backlog: this.backlog,
      circuit: this.circuit,
      reports: this.reports,
      overflow: this.overflow,
      nowMillis: () => this.nowMillis
    })
  }

  /** How the exporter fares right now. */
  get status(): ExporterStatus {
    return this.reports.health.statusOf(this.exporter.name, this.backlog.spans, this.overflow.spans)
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
    this.wake()
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

  // Outside the context of whoever ended a span: what wakes up here goes on for others.
  private wake(): void {
    detached(() => this.changed.openUnsafe())
  }

  /** Waits until something waits and may be sent. Timers may fire early, so the clock has the last word. */
  private readonly next = Effect.fnUntraced(function*(this: ExportWorker) {
    while (true) {
      const { backlog, changed, circuit } = this
      changed.closeUnsafe()
      if (this.overflow.comesFirst && this.overflow.keepNext()) {
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
    if (!this.settlement.isRefusingAll || delivery.size === 1) return delivery
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
      if (Exit.isSuccess(exit)) yield* this.settlement.succeeded(delivery, exit.value, begun)
      else this.settlement.failed(delivery, exit.cause, random)
      if (this.circuit.isHopeless) this.abandon()
    }
    this.wake()
  })

  private attempt(delivery: Delivery): Effect.Effect<ExportOutcome, ExportError> {
    const { exporter, settings } = this
    return Effect.suspend(() => {
      delivery.batch.take()
      return delivery.load.sendBy(exporter)
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
}
