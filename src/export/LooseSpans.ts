import type * as Effect from "effect/Effect"
import type { EndedSpan } from "../model/index.ts"
import type { Load, Worth } from "./Load.ts"
import { worthOf } from "./Load.ts"
import { spanBytes } from "./spanBytes.ts"
import type { ExportError, ExportOutcome, SpanExporter } from "./SpanExporter.ts"

/**
 * Spans as they ended, for exporters that take spans.
 */
export class LooseSpans implements Load {
  readonly bytes: number
  private readonly spans: ReadonlyArray<EndedSpan>

  constructor(spans: ReadonlyArray<EndedSpan>) {
    this.spans = spans
    this.bytes = spans.reduce((sum, span) => sum + spanBytes(span), 0)
  }

  get size(): number {
    return this.spans.length
  }

  get first(): EndedSpan | undefined {
    return this.spans[0]
  }

  worthAt(index: number): Worth {
    return worthOf(this.spans[index]!)
  }

  bytesAt(index: number): number {
    return spanBytes(this.spans[index]!)
  }

  select(isKept: (index: number) => boolean): LooseSpans {
    return new LooseSpans(this.spans.filter((_, index) => isKept(index)))
  }

  only(span: EndedSpan): LooseSpans {
    return new LooseSpans([span])
  }

  sendBy(exporter: SpanExporter): Effect.Effect<ExportOutcome, ExportError> {
    return exporter.export(this.spans)
  }
}
