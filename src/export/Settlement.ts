import * as Cause from "effect/Cause"
import * as Option from "effect/Option"
import type { DropReason } from "../ledger/index.ts"
import type { Backlog } from "./Backlog.ts"
import type { Circuit } from "./Circuit.ts"
import { Delivery } from "./Delivery.ts"
import type { ExporterReports } from "./ExporterReports.ts"
import type { Overflow } from "./Overflow.ts"
import type { ExportError, ExportOutcome } from "./SpanExporter.ts"
import { trimSpan } from "./trimSpan.ts"

/** Single spans refused one after the other from which on it is the receiver that refuses, whatever it is sent. */
const refusalsThatTell = 2

/**
 * What a {@link Settlement} is made from.
 */
export interface SettlementOptions {
  /** The exporter's. */
  readonly name: string
  readonly backlog: Backlog
  readonly circuit: Circuit
  readonly reports: ExporterReports
  readonly overflow: Overflow
  /** On the monotonic clock. */
  readonly nowMillis: () => number
}

/**
 * Decides what becomes of a delivery after an attempt: it is done, waits, is sent again in parts, or is given up.
 *
 * **Details**
 *
 * What is too large is sent in halves. What the receiver cannot read is halved until the spans to blame are found. Where it refuses
 * whatever it gets, one span at a time is sent after a pause, until one is taken: the others wait.
 */
export class Settlement {
  private readonly options: SettlementOptions
  /** Single spans the receiver refused since it last took something. */
  private refusals = 0
  /** When the last request began that was taken, apart from those with parts of a batch on trial. */
  private lastTaken = -1

  constructor(options: SettlementOptions) {
    this.options = options
  }

  /** Whether the receiver seems to refuse whatever it is sent, so that one span at a time is tried. */
  get isRefusingAll(): boolean {
    return this.refusals >= refusalsThatTell
  }

  /** The delivery, which an attempt that began then was about, was taken. Gives what there is to tell where an outage ended. */
  succeeded(delivery: Delivery, outcome: ExportOutcome, begun: number): string | undefined {
    const { backlog, circuit, name, nowMillis, reports } = this.options
    // A receiver that claims to have refused more than it got must not unbalance the books.
    const rejected = Math.min(Math.max(0, outcome.rejected), delivery.size)
    const taken = delivery.size - rejected
    if (rejected > 0) {
      reports.warn("rejected", `${name} refused ${rejected} of ${delivery.size} spans: ${outcome.message}`, rejected)
    } else if (outcome.message !== undefined) {
      reports.warn("message", `${name} took the spans and says: ${outcome.message}`)
    }
    if (delivery.mayHaveArrived || outcome.mayBeDoubled === true) reports.maybeDoubled(taken)
    this.refusals = 0
    if (delivery.trial === undefined) this.lastTaken = Math.max(this.lastTaken, begun)
    else delivery.trial.isPartlyTaken = true
    reports.health.succeeded()
    reports.health.book(taken, rejected, 0)
    backlog.settle(delivery)
    const now = nowMillis()
    const outage = circuit.succeeded(now, now - begun, !backlog.isEmpty)
    delivery.arrived(rejected)
    return outage === undefined
      ? undefined
      : `Tracing: ${name} takes spans again after ${(outage / 1000).toFixed(1)} s`
  }

  /** The attempt failed; `random` is from 0 to 1. */
  failed(delivery: Delivery, cause: Cause.Cause<ExportError>, random: number): void {
    const { backlog, circuit, nowMillis, overflow, reports } = this.options
    const error = Option.getOrUndefined(Cause.findErrorOption(cause))
    if (error === undefined) {
      reports.health.failed({ reason: "defect", message: reports.defect("defect", cause), retryable: false })
      return this.giveUp(delivery, "exporter_defect")
    }
    reports.health.failed(error)
    if (error.fault !== undefined) return this.mend(delivery, error, error.fault, random)
    if (!error.retryable) {
      reports.warn(error.reason, `${error.message} Spans sent there are lost.`, delivery.size)
      return this.giveUp(delivery, "permanent_answer")
    }
    if (error.mayHaveArrived === true) delivery.mayHaveArrived = true
    circuit.failed(nowMillis(), error.retryAfterMillis, random)
    reports.warn(error.reason, `${error.message} Spans wait and are sent again.`)
    if (overflow.keep(delivery)) backlog.settle(delivery)
    else backlog.replace(delivery, [delivery])
  }

  /** Something is wrong with the spans: sends them in halves, and gives up a single one that cannot be helped. */
  private mend(
    delivery: Delivery,
    error: ExportError,
    fault: NonNullable<ExportError["fault"]>,
    random: number
  ): void {
    const { backlog, circuit, nowMillis } = this.options
    circuit.narrow()
    if (fault === "content") delivery.trial ??= { since: nowMillis(), isPartlyTaken: false }
    if (delivery.size > 1) {
      backlog.replace(delivery, delivery.split(delivery.size >> 1))
      if (this.isRefusingAll) backlog.setAside(delivery)
      return
    }
    if (fault === "size") return this.trim(delivery, error)
    if (fault === "encoding") return this.lose(delivery, error, "encoding")
    this.lose(delivery, error, "permanent_answer")
    this.refusals++
    if (!this.isRefusingAll) return
    const { trial } = delivery
    if (trial !== undefined && !trial.isPartlyTaken && this.lastTaken > trial.since) {
      // Others were taken since this was first refused, and nothing of it: it is the batch that is to blame.
      for (const part of backlog.removeBatch(delivery)) this.lose(part, error, "permanent_answer")
    } else {
      backlog.setAside(delivery)
      circuit.failed(nowMillis(), undefined, random)
    }
  }

  private trim(delivery: Delivery, error: ExportError): void {
    const { backlog, reports } = this.options
    const { batch, exporter, isTrimmed, load } = delivery
    if (isTrimmed || load.first === undefined) return this.lose(delivery, error, "too_large")
    reports.warn(error.reason, `${error.message} The span "${load.first.name}" is cut down and sent again.`)
    const trimmed = new Delivery(batch, exporter, load.only(trimSpan(load.first)))
    trimmed.isTrimmed = true
    backlog.replace(delivery, [trimmed])
  }

  private lose(delivery: Delivery, error: ExportError, reason: DropReason): void {
    this.options.reports.warn(error.reason, `${error.message} Spans that it cannot take are lost.`, delivery.size)
    this.giveUp(delivery, reason)
  }

  /** Comes after the warning about it: whoever waits for the batch goes on at once. */
  private giveUp(delivery: Delivery, reason: DropReason): void {
    this.options.reports.health.book(0, 0, delivery.size)
    this.options.backlog.settle(delivery)
    delivery.drop(reason)
  }
}
