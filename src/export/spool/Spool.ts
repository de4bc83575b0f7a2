import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import type { DropReason, Warnings } from "../../ledger/index.ts"
import { clockFor } from "../backgroundClock.ts"
import { Circuit } from "../Circuit.ts"
import type { OtlpTransport } from "../otlp/OtlpTransport.ts"
import type { ExportError, ExportOutcome, SpanSpool, SpoolFate } from "../SpanExporter.ts"
import { detached, untraced } from "../untraced.ts"
import type { Entry, Segment } from "./Segment.ts"
import { SpoolFolder } from "./SpoolFolder.ts"

/**
 * Where spans are kept on disk that cannot be delivered now, and for how long.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpoolOptions {
  /** The folder; made if it is missing. Programs that share it share the collector as well (`TRACING_SPOOL_DIR`). */
  readonly directory: string
  /** `unsent`: what cannot be delivered. `always`: everything, before it is sent (`TRACING_SPOOL`). */
  readonly mode: "unsent" | "always"
  /** What the folder may hold, in bytes (`TRACING_SPOOL_MAX_BYTES`). */
  readonly maxBytes: number
  /** What is older is given up, in milliseconds (`TRACING_SPOOL_MAX_AGE_MS`). */
  readonly maxAgeMillis: number
  /** Whether each write is waited for until it has reached the disk, to survive a loss of power (`TRACING_SPOOL_SYNC`). */
  readonly sync: boolean
  readonly warnings: Warnings
}

/** Bodies are sent together up to this size: servers refuse more than 4 MiB. */
const requestBytes = 1024 * 1024
const lookMillis = 10_000

/** Reasons that what is sent may be to blame for: it must not hold up all the rest for ever. */
const brokenThere = /^(status 500|INTERNAL|UNKNOWN)$/

/**
 * Keeps spans on disk and delivers them, in the order of their age, those of dead processes included.
 *
 * **Details**
 *
 * Bodies in protobuf are concatenated to larger requests, which is what protobuf makes of repeated fields. A body is
 * acknowledged after a good answer, and deleted with its segment. One request at a time: the disk can wait.
 */
export class Spool implements SpanSpool {
  private readonly options: SpoolOptions
  private readonly transport: OtlpTransport
  private readonly clock: Clock.Clock
  private readonly folder: SpoolFolder
  private readonly circuit = new Circuit()
  /** Opens for a moment when there may be something to do. */
  private readonly changed = Latch.makeUnsafe(false)
  /** Opens for a moment when everything is delivered or an attempt has failed. */
  private readonly paused = Latch.makeUnsafe(false)
  /** Bodies of the next request at most: one where the receiver found fault with several. */
  private together = Infinity

  /** Makes a spool that looks after its folder until the scope closes. */
  static readonly make: (
    options: SpoolOptions,
    transport: OtlpTransport
  ) => Effect.Effect<Spool, never, Scope.Scope> = Effect.fnUntraced(function*(options, transport) {
    const clock = clockFor(yield* Clock.Clock)
    const spool = new Spool(options, transport, clock)
    yield* Effect.addFinalizer(() => Effect.sync(() => spool.folder.close()))
    for (const work of [spool.watch, spool.run]) {
      yield* work.pipe(Effect.provideService(Clock.Clock, clock), untraced, Effect.forkScoped)
    }
    return spool
  })

  private constructor(options: SpoolOptions, transport: OtlpTransport, clock: Clock.Clock) {
    this.options = options
    this.transport = transport
    this.clock = clock
    this.folder = new SpoolFolder({
      directory: options.directory,
      maxBytes: options.maxBytes,
      isSynced: options.sync,
      warnings: options.warnings,
      nowMillis: () => clock.currentTimeMillisUnsafe()
    })
  }

  get comesFirst(): boolean {
    return this.options.mode === "always" || !this.folder.isEmpty
  }

  keep(body: Uint8Array, spans: number, decided: (fate: SpoolFate) => void): boolean {
    const isKept = this.folder.isUsable && this.folder.append(body, spans, decided)
    if (isKept) this.wake()
    return isKept
  }

  /** Looks for what other processes have left, now and then, for ever. */
  private get watch(): Effect.Effect<never> {
    return Effect.forever(Effect.andThen(
      Effect.sync(() => {
        if (this.folder.look()) this.wake()
      }),
      Effect.sleep(Duration.millis(lookMillis))
    ))
  }

  /** Delivers what waits, for ever. */
  private get run(): Effect.Effect<never> {
    return Effect.forever(Effect.suspend(() => this.step()))
  }

  get drained(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.circuit.hurry()
      if (this.folder.isEmpty || this.circuit.waitAt(this.nowMillis) > 0) return Effect.void
      const paused = this.paused.await
      this.wake()
      return paused
    })
  }

  /** Delivers what can be delivered at once; what is left is for the next process. */
  get shutdown(): Effect.Effect<void> {
    return Effect.suspend(() => this.circuit.waitAt(this.nowMillis) > 0 ? Effect.void : this.drained)
  }

  private get nowMillis(): number {
    return Number(this.clock.monotonicTimeNanosUnsafe()) / 1e6
  }

  // Outside the context of whoever ended a span: what wakes up here goes on for others.
  private wake(latch: Latch.Latch = this.changed): void {
    detached(() => {
      latch.openUnsafe()
      latch.closeUnsafe()
    })
  }

  private step(): Effect.Effect<void> {
    const segment = this.folder.next()
    if (segment === undefined) {
      this.wake(this.paused)
      return this.changed.await
    }
    if (this.isTooOld(segment)) return Effect.sync(() => this.expire(segment))
    const wait = this.circuit.waitAt(this.nowMillis)
    if (wait > 0) return Effect.raceFirst(Effect.sleep(Duration.millis(wait)), this.changed.await)
    return this.deliver(segment)
  }

  private isTooOld({ createdMillis }: Segment): boolean {
    return this.clock.currentTimeMillisUnsafe() - createdMillis > this.options.maxAgeMillis
  }

  private expire(segment: Segment): void {
    const entries = [...segment.entries]
    this.folder.remove(segment)
    this.lose("too_old", entries, `they are older than ${this.options.maxAgeMillis} ms (TRACING_SPOOL_MAX_AGE_MS)`)
  }

  private readonly deliver = Effect.fnUntraced(function*(this: Spool, segment: Segment) {
    const entries = this.nextOf(segment)
    const bodies = this.bodiesOf(segment, entries)
    if (bodies === undefined) return
    const exit = yield* Effect.exit(this.transport.send(bodies.length === 1 ? bodies[0]! : Buffer.concat(bodies)))
    const random = yield* Random.next
    if (Exit.isSuccess(exit)) yield* this.succeeded(segment, entries, exit.value)
    else this.failed(segment, entries, exit.cause, random)
  })

  private nextOf(segment: Segment): ReadonlyArray<Entry> {
    const first = segment.entries[0]!
    return segment.entries.filter(({ end }, i) => i === 0 || (i < this.together && end - first.start <= requestBytes))
  }

  /** What is to be sent; `undefined` where that is out of reach, and the spool goes on without it. */
  private bodiesOf(segment: Segment, entries: ReadonlyArray<Entry>): ReadonlyArray<Buffer> | undefined {
    if (segment.whereabouts === "taken") {
      this.folder.forget(segment)
      return undefined
    }
    const bodies = segment.read(entries)
    if (bodies !== undefined) return bodies
    if (entries.length > 1) this.together = 1
    else this.giveUp(segment, "exporter_defect", "they cannot be read back from the disk")
    return undefined
  }

  private readonly succeeded = Effect.fnUntraced(function*(
    this: Spool,
    segment: Segment,
    entries: ReadonlyArray<Entry>,
    outcome: ExportOutcome
  ) {
    this.together = Infinity
    const outage = this.circuit.succeeded(this.nowMillis, 0, false)
    this.folder.acknowledge(segment, entries.length)
    const recovered = entries.reduce((sum, entry) => entry.decided === undefined ? sum + entry.spans : sum, 0)
    if (outcome.rejected > 0) {
      this.warn("rejected", `${this.transport.name} refused ${outcome.rejected} spans: ${outcome.message}`)
    }
    let rejected = Math.max(0, outcome.rejected)
    for (const { decided, mayHaveArrived, spans } of entries) {
      const refused = Math.min(rejected, spans)
      rejected -= refused
      decided?.({
        rejected: refused,
        message: outcome.message,
        dropped: undefined,
        ...(mayHaveArrived || outcome.mayBeDoubled === true ? { mayBeDoubled: true } : undefined)
      })
    }
    if (recovered > 0) yield* Effect.logInfo(`Tracing: ${recovered} spans of an earlier process are delivered`)
    if (outage !== undefined) {
      yield* Effect.logInfo(`Tracing: ${this.transport.name} takes spans again after ${(outage / 1000).toFixed(1)} s`)
    }
  })

  private failed(
    segment: Segment,
    entries: ReadonlyArray<Entry>,
    cause: Cause.Cause<ExportError>,
    random: number
  ): void {
    const error = Option.getOrUndefined(Cause.findErrorOption(cause))
    if (entries.length > 1 && (error === undefined || error.fault !== undefined || brokenThere.test(error.reason))) {
      this.together = entries.length >> 1
    } else if (error === undefined) {
      this.giveUp(segment, "exporter_defect", Cause.pretty(cause))
    } else if (error.fault !== undefined || brokenThere.test(error.reason)) {
      this.giveUp(segment, error.fault === "size" ? "too_large" : "permanent_answer", error.message)
    } else {
      // Also where it is final: what is on disk can wait until the settings are mended.
      if (error.mayHaveArrived === true) { for (const entry of entries) entry.mayHaveArrived = true }
      this.circuit.failed(this.nowMillis, error.retryAfterMillis, random)
      this.warn(error.reason, `${error.message} Spans wait on disk and are sent again.`)
      this.wake(this.paused)
    }
  }

  /** Gives up the oldest body of a segment. */
  private giveUp(segment: Segment, reason: DropReason, why: string): void {
    const entries = segment.entries.slice(0, 1)
    this.folder.acknowledge(segment, 1)
    this.lose(reason, entries, why)
  }

  private lose(reason: DropReason, entries: ReadonlyArray<Entry>, why: string): void {
    const spans = entries.reduce((sum, entry) => sum + entry.spans, 0)
    this.warn(`lost ${reason}`, `${spans} spans in the spool in ${this.options.directory} are lost: ${why}`, spans)
    for (const { decided } of entries) decided?.({ rejected: 0, message: undefined, dropped: reason })
  }

  private warn(reason: string, message: string, count: number = 1): void {
    this.options.warnings.warnAgain(`export ${this.transport.name} ${reason}`, message, count)
  }
}
