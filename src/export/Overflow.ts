import type { Backlog } from "./Backlog.ts"
import type { Delivery } from "./Delivery.ts"
import { EncodedSpans } from "./EncodedSpans.ts"
import type { ExporterReports } from "./ExporterReports.ts"
import type { SpanSpool } from "./SpanExporter.ts"

/**
 * Moves deliveries from memory to the spool of their exporter, where it has one. From there they are delivered without us.
 */
export class Overflow {
  private readonly spool: SpanSpool | undefined
  private readonly backlog: Backlog
  private readonly reports: ExporterReports

  constructor(spool: SpanSpool | undefined, backlog: Backlog, reports: ExporterReports) {
    this.spool = spool
    this.backlog = backlog
    this.reports = reports
  }

  /** Spans that wait on disk. */
  get spans(): number {
    return this.spool?.spans ?? 0
  }

  /** Whether spans are to be written to disk before anything else is tried. */
  get comesFirst(): boolean {
    return this.spool?.comesFirst === true
  }

  /** Has spans kept on disk, and books what becomes of them; says whether they are kept. */
  keep({ batch, exporter, load, mayHaveArrived, size }: Delivery): boolean {
    if (this.spool === undefined || !(load instanceof EncodedSpans)) return false
    const isKept = this.spool.keep(load.body, size, ({ dropped, mayBeDoubled, rejected, spans }) => {
      const taken = dropped === undefined ? spans - rejected : 0
      batch.keep(exporter, -spans)
      if (mayHaveArrived || mayBeDoubled === true) this.reports.maybeDoubled(taken)
      if (taken > 0) this.reports.health.succeeded()
      this.reports.health.book(taken, rejected, spans - taken - rejected)
      batch.deliver(exporter, taken)
      batch.reject(exporter, rejected)
      if (dropped !== undefined) batch.drop(exporter, dropped, spans)
    })
    if (isKept) batch.keep(exporter, size)
    return isKept
  }

  /** Moves what is next in the line; says whether it did. */
  keepNext(): boolean {
    if (this.backlog.isEmpty || this.spool === undefined) return false
    const delivery = this.backlog.take()
    const isKept = this.keep(delivery)
    if (isKept) this.backlog.settle(delivery)
    else this.backlog.replace(delivery, [delivery])
    return isKept
  }
}
