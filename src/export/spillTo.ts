import type { Delivery } from "./Delivery.ts"
import type { SpanSpool } from "./SpanExporter.ts"

/**
 * Has the spans of a delivery kept in a spool, where there is one, and books what becomes of them; says whether they are kept.
 */
export const spillTo = (
  spool: SpanSpool | undefined,
  // Taken apart, since what waits for the fate of the spans must not hold on to them.
  { batch, exporter, mayHaveArrived, size, spans }: Delivery,
  decided: (taken: number, rejected: number, dropped: number, isMaybeDoubled: boolean) => void
): boolean => {
  const isKept = spool?.keep(spans, (fate) => {
    const taken = fate.dropped === undefined ? size - fate.rejected : 0
    batch.keep(exporter, -size)
    decided(taken, fate.rejected, size - taken - fate.rejected, mayHaveArrived || fate.mayBeDoubled === true)
    batch.deliver(exporter, taken)
    batch.reject(exporter, fate.rejected)
    if (fate.dropped !== undefined) batch.drop(exporter, fate.dropped, size)
  }) === true
  if (isKept) batch.keep(exporter, size)
  return isKept
}
