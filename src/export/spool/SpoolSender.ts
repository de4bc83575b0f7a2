import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type { DropReason, Warnings } from "../../ledger/index.ts"
import type { Circuit } from "../Circuit.ts"
import type { OtlpTransport } from "../otlp/OtlpTransport.ts"
import type { ExportError, ExportOutcome, SpoolFate } from "../SpanExporter.ts"
import { Bisection, refusalsThatTell } from "./Bisection.ts"
import type { Entry, Segment } from "./Segment.ts"
import type { SpoolFolder } from "./SpoolFolder.ts"

/**
 * What a {@link SpoolSender} is made from.
 */
export interface SpoolSenderOptions {
  readonly directory: string
  readonly folder: SpoolFolder
  readonly transport: OtlpTransport
  readonly circuit: Circuit
  readonly warnings: Warnings
  /** On the monotonic clock. */
  readonly nowMillis: () => number
}

/** Bodies are sent together up to this size: servers refuse more than 4 MiB. */
const requestBytes = 1024 * 1024

/** Reasons that what is sent may be to blame for: it must not hold up all the rest for ever. */
const brokenThere = /^(status 500|INTERNAL|UNKNOWN)$/

const isOfSpans = (error: ExportError | undefined): boolean =>
  error === undefined || error.fault !== undefined || brokenThere.test(error.reason)

const reasonOf = (error: ExportError | undefined): DropReason =>
  error === undefined ? "exporter_defect" : error.fault === "size" ? "too_large" : "permanent_answer"

/**
 * Sends what waits on disk, and decides what becomes of it.
 *
 * **Details**
 *
 * Bodies in protobuf are concatenated to larger requests, which is what protobuf makes of repeated fields. Where the receiver finds
 * fault with several, fewer are sent together; where with one, the spans to blame are looked for.
 */
export class SpoolSender {
  private readonly options: SpoolSenderOptions
  /** Bodies of the next request at most: one where the receiver found fault with several. */
  private together = Infinity
  /** Single spans refused one after the other since something was taken. */
  private refusals = 0

  constructor(options: SpoolSenderOptions) {
    this.options = options
  }

  /** Sends the oldest of what waits in a segment; says whether there is any use in going on at once. */
  deliver(segment: Segment): Effect.Effect<boolean> {
    if (segment.whereabouts === "taken") {
      this.options.folder.forget(segment)
      return Effect.succeed(true)
    }
    const first = segment.entries[0]!
    return first.bisection === undefined
      ? this.deliverWhole(segment)
      : this.deliverPart(segment, first, first.bisection)
  }

  /** Books spans that are too old to be sent. */
  expired(entries: ReadonlyArray<Entry>, maxAgeMillis: number): void {
    this.lose("too_old", `they are older than ${maxAgeMillis} ms (TRACING_SPOOL_MAX_AGE_MS)`, entries)
  }

  private readonly deliverWhole = Effect.fnUntraced(function*(this: SpoolSender, segment: Segment) {
    const { folder, transport } = this.options
    const entries = this.nextOf(segment)
    const bodies = this.bodiesOf(segment, entries)
    if (bodies === undefined) return true
    folder.doubt(segment, entries.length)
    const exit = yield* Effect.exit(transport.send(bodies.length === 1 ? bodies[0]! : Buffer.concat(bodies)))
    if (Exit.isSuccess(exit)) {
      this.together = Infinity
      folder.acknowledge(segment, entries.length)
      yield* this.taken(exit.value, entries.map((entry) => ({ entry, part: entry, spans: entry.spans })))
      return true
    }
    const random = yield* Random.next
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    const isForSpans = isOfSpans(error)
    if (error !== undefined && !isForSpans) this.postpone(error, entries, random)
    else if (entries.length > 1) this.together = entries.length >> 1
    else if (error === undefined) this.giveUp(segment, "exporter_defect", Cause.pretty(exit.cause))
    else {
      const entry = entries[0]!
      const bisection = new Bisection(bodies[0]!, entry.spans, entry.mayHaveArrived)
      entry.bisection = bisection
      return yield* this.mend(segment, entry, bisection, error, random)
    }
    folder.doubt(segment)
    return isForSpans
  })

  private readonly deliverPart = Effect.fnUntraced(function*(
    this: SpoolSender,
    segment: Segment,
    entry: Entry,
    bisection: Bisection
  ) {
    const { folder, transport } = this.options
    const part = bisection.next!
    folder.doubt(segment, 1)
    const exit = yield* Effect.exit(transport.send(part.body))
    if (Exit.isSuccess(exit)) {
      bisection.taken()
      // Should this process be killed now, the next one sends the whole body again.
      entry.mayHaveArrived = true
      yield* this.taken(exit.value, [{ entry, part, spans: part.spans }])
      this.decided(segment, bisection)
      return true
    }
    const random = yield* Random.next
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    if (error === undefined || isOfSpans(error)) return yield* this.mend(segment, entry, bisection, error, random)
    this.postpone(error, [part, entry], random)
    folder.doubt(segment)
    return false
  })

  /** Something is wrong with the next part: sends it in halves, and gives up a single span that cannot be helped. */
  private readonly mend = Effect.fnUntraced(function*(
    this: SpoolSender,
    segment: Segment,
    entry: Entry,
    bisection: Bisection,
    error: ExportError | undefined,
    random: number
  ) {
    let goesOn = true
    if (bisection.next!.spans > 1) bisection.halve()
    else if (error?.fault !== "size" || !this.trim(bisection, error)) {
      goesOn = yield* this.refused(entry, bisection, error, random)
    }
    this.decided(segment, bisection)
    return goesOn
  })

  private trim(bisection: Bisection, error: ExportError): boolean {
    const name = bisection.trim()
    if (name === undefined) return false
    this.warn(error.reason, `${error.message} The span "${name}" is cut down and sent again.`)
    return true
  }

  /** Takes note of what is decided of a body, so that the next process knows. */
  private decided(segment: Segment, bisection: Bisection): void {
    const { folder } = this.options
    if (bisection.next === undefined) folder.acknowledge(segment, 1)
    else folder.doubt(segment)
  }

  /** A single span was refused. Where all are, a request without spans tells whether it is the body or the receiver. */
  private readonly refused = Effect.fnUntraced(function*(
    this: SpoolSender,
    entry: Entry,
    bisection: Bisection,
    error: ExportError | undefined,
    random: number
  ) {
    const { circuit, nowMillis, transport } = this.options
    const reason = reasonOf(error)
    const why = error?.message ?? "the exporter has a defect"
    const mayBeAll = bisection.refused()
    this.lose(reason, why, [entry], 1)
    if (!mayBeAll && ++this.refusals < refusalsThatTell) return true
    const answer = yield* Effect.exit(transport.send(new Uint8Array()))
    if (Exit.isFailure(answer)) {
      circuit.failed(nowMillis(), undefined, random)
      return false
    }
    this.refusals = 0
    const rest = mayBeAll ? bisection.giveUp() : 0
    if (rest > 0) this.lose(reason, why, [entry], rest)
    return true
  })

  private nextOf(segment: Segment): ReadonlyArray<Entry> {
    const first = segment.entries[0]!
    return segment.entries.filter(({ end }, i) => i === 0 || (i < this.together && end - first.start <= requestBytes))
  }

  /** What is to be sent; `undefined` where the disk does not give it, and the spool goes on without it. */
  private bodiesOf(segment: Segment, entries: ReadonlyArray<Entry>): ReadonlyArray<Buffer> | undefined {
    const bodies = segment.read(entries)
    if (bodies !== undefined) return bodies
    if (entries.length > 1) this.together = 1
    else this.giveUp(segment, "exporter_defect", "they cannot be read back from the disk")
    return undefined
  }

  /** Books spans that a request has delivered. */
  private readonly taken = Effect.fnUntraced(function*(
    this: SpoolSender,
    outcome: ExportOutcome,
    sent: ReadonlyArray<{
      readonly entry: Entry
      readonly part: { readonly mayHaveArrived: boolean }
      readonly spans: number
    }>
  ) {
    const { circuit, nowMillis, transport } = this.options
    this.refusals = 0
    const outage = circuit.succeeded(nowMillis(), 0, false)
    if (outcome.rejected > 0) {
      this.warn("rejected", `${transport.name} refused ${outcome.rejected} spans: ${outcome.message}`)
    }
    let rejected = Math.max(0, outcome.rejected)
    let recovered = 0
    let doubled = 0
    for (const { entry, part, spans } of sent) {
      const refused = Math.min(rejected, spans)
      rejected -= refused
      const mayBeDoubled = part.mayHaveArrived || outcome.mayBeDoubled === true
      if (entry.decided === undefined) {
        recovered += spans - refused
        if (mayBeDoubled) doubled += spans - refused
      }
      decide(entry, {
        spans,
        rejected: refused,
        message: outcome.message,
        dropped: undefined,
        ...(mayBeDoubled ? { mayBeDoubled } : undefined)
      })
    }
    if (doubled > 0) {
      this.warn(
        "earlier maybe doubled",
        `${doubled} spans of an earlier process may be at ${transport.name} twice: it was sending them when it ended, or ` +
          "got no answer.",
        doubled
      )
    }
    if (recovered > 0) yield* Effect.logInfo(`Tracing: ${recovered} spans of an earlier process are delivered`)
    if (outage !== undefined) {
      yield* Effect.logInfo(`Tracing: ${transport.name} takes spans again after ${(outage / 1000).toFixed(1)} s`)
    }
  })

  /** Also where the answer is final: what is on disk can wait until the settings are mended. */
  private postpone(error: ExportError, sent: ReadonlyArray<{ mayHaveArrived: boolean }>, random: number): void {
    const { circuit, nowMillis } = this.options
    if (error.mayHaveArrived === true) { for (const one of sent) one.mayHaveArrived = true }
    circuit.failed(nowMillis(), error.retryAfterMillis, random)
    this.warn(error.reason, `${error.message} Spans wait on disk and are sent again.`)
  }

  /** The process ends: gives up what lies in files that were removed, which the next one cannot find. */
  giveUpRemoved(): void {
    const { folder } = this.options
    for (const segment of folder.segments.filter(({ whereabouts }) => whereabouts === "removed")) {
      const entries = [...segment.entries]
      folder.remove(segment)
      if (entries.length > 0) this.lose("shutdown", "their files were removed while the process ran", entries)
    }
  }

  /** Gives up the oldest body of a segment. */
  private giveUp(segment: Segment, reason: DropReason, why: string): void {
    const entries = segment.entries.slice(0, 1)
    this.options.folder.acknowledge(segment, 1)
    this.lose(reason, why, entries)
  }

  /** Gives up bodies, or so many spans of one. */
  private lose(reason: DropReason, why: string, entries: ReadonlyArray<Entry>, count?: number): void {
    const spans = count ?? entries.reduce((sum, entry) => sum + entry.spans, 0)
    this.warn(`lost ${reason}`, `${spans} spans in the spool in ${this.options.directory} are lost: ${why}`, spans)
    for (const entry of entries) {
      decide(entry, { spans: count ?? entry.spans, rejected: 0, message: undefined, dropped: reason })
    }
  }

  private warn(reason: string, message: string, count: number = 1): void {
    const { transport, warnings } = this.options
    warnings.warnAgain(`export ${transport.name} ${reason}`, message, count)
  }
}

const decide = (entry: Entry, fate: SpoolFate): void => {
  entry.spans -= fate.spans
  entry.decided?.(fate)
}
