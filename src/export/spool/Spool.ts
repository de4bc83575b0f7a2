import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import type { Warnings } from "../../ledger/index.ts"
import { clockFor } from "../backgroundClock.ts"
import { Circuit } from "../Circuit.ts"
import type { OtlpTransport } from "../otlp/OtlpTransport.ts"
import type { SpanSpool, SpoolFate } from "../SpanExporter.ts"
import { detached, untraced } from "../untraced.ts"
import type { Segment } from "./Segment.ts"
import { SpoolFolder } from "./SpoolFolder.ts"
import { SpoolSender } from "./SpoolSender.ts"

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

const lookMillis = 10_000

/**
 * Keeps spans on disk and delivers them, in the order of their age, those of dead processes included.
 *
 * **Details**
 *
 * A body is acknowledged after a good answer, and deleted with its segment. One request at a time: the disk can wait.
 */
export class Spool implements SpanSpool {
  private readonly options: SpoolOptions
  private readonly clock: Clock.Clock
  private readonly folder: SpoolFolder
  private readonly circuit = new Circuit()
  private readonly sender: SpoolSender
  /** Opens for a moment when there may be something to do. */
  private readonly changed = Latch.makeUnsafe(false)
  /** Opens for a moment when everything is delivered or an attempt has failed. */
  private readonly paused = Latch.makeUnsafe(false)

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
    this.clock = clock
    this.folder = new SpoolFolder({
      directory: options.directory,
      maxBytes: options.maxBytes,
      isSynced: options.sync,
      warnings: options.warnings,
      nowMillis: () => clock.currentTimeMillisUnsafe()
    })
    this.sender = new SpoolSender({
      directory: options.directory,
      folder: this.folder,
      transport,
      circuit: this.circuit,
      warnings: options.warnings,
      nowMillis: () => this.nowMillis
    })
  }

  get spans(): number {
    return this.folder.spans
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

  /** Delivers what can be delivered at once; what is left is for the next process, if it will find it. */
  get shutdown(): Effect.Effect<void> {
    return Effect.ensuring(this.drained, Effect.sync(() => this.sender.giveUpRemoved()))
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
    return Effect.map(this.sender.deliver(segment), (goesOn) => {
      if (!goesOn) this.wake(this.paused)
    })
  }

  private isTooOld({ createdMillis }: Segment): boolean {
    return this.clock.currentTimeMillisUnsafe() - createdMillis > this.options.maxAgeMillis
  }

  private expire(segment: Segment): void {
    const entries = [...segment.entries]
    this.folder.remove(segment)
    this.sender.expired(entries, this.options.maxAgeMillis)
  }
}
