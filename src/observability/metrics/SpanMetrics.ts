import type * as Context from "effect/Context"
import * as Metric from "effect/Metric"
import type { EndedSpanFields } from "../../model/index.ts"
import { Exemplars } from "./Exemplars.ts"
import type { SpanInstrument } from "./spanInstruments.ts"
import { spanInstruments } from "./spanInstruments.ts"

// Source: OpenTelemetry specification, Metrics SDK, "Overflow attribute".
const overflow: Metric.Metric.AttributeSet = { "otel.metric.overflow": "true" }

type Update = (span: EndedSpanFields) => void

/** One metric made from spans, with a series for each set of attributes it has seen, up to a limit. */
class InstrumentSeries {
  private readonly instrument: SpanInstrument
  private readonly context: Context.Context<never>
  private readonly limit: number
  private readonly exemplars: Exemplars
  private readonly series = new Map<string, Update>()
  private overflowing: Update | undefined = undefined

  constructor(instrument: SpanInstrument, context: Context.Context<never>, limit: number, exemplars: Exemplars) {
    this.instrument = instrument
    this.context = context
    this.limit = limit
    this.exemplars = exemplars
  }

  record(span: EndedSpanFields): void {
    if (!this.instrument.measures(span)) return
    const attributes: Record<string, string> = {}
    let key = ""
    for (const name of this.instrument.attributes) {
      const value = span.endedAttributes.get(name)
      key += "\n"
      if (value === undefined) continue
      const text = String(value)
      attributes[name] = text
      key += text
    }
    const known = this.series.get(key)
    if (known !== undefined) return known(span)
    // One place is the overflow's own.
    if (this.series.size >= this.limit - 1) return (this.overflowing ??= this.make(overflow))(span)
    const made = this.make(attributes)
    this.series.set(key, made)
    made(span)
  }

  private make(attributes: Metric.Metric.AttributeSet): Update {
    const { context, exemplars } = this
    const { boundaries, description, name, unit } = this.instrument
    // Effect reads the unit from an attribute of this name.
    const withUnit = { ...attributes, unit }
    if (boundaries === undefined) {
      const counter = Metric.counter(name, { description, attributes: withUnit, incremental: true })
      return () => counter.updateUnsafe(1, context)
    }
    const histogram = Metric.histogram(name, { description, boundaries, attributes: withUnit })
    const noteExemplar = exemplars.seriesOf(name, attributes, boundaries)
    return (span) => {
      const seconds = Number(span.endTime - span.startTime) / 1e9
      histogram.updateUnsafe(seconds, context)
      noteExemplar(span, seconds)
    }
  }
}

/**
 * Records spans on Effect's metrics, by the names, units and buckets of the semantic conventions.
 *
 * **Details**
 *
 * Each metric has at most `cardinalityLimit` series; what comes beyond is recorded with `otel.metric.overflow`.
 */
export class SpanMetrics {
  readonly exemplars = new Exemplars()
  private readonly all: ReadonlyArray<InstrumentSeries>

  constructor(context: Context.Context<never>, cardinalityLimit: number) {
    this.all = spanInstruments.map((instrument) =>
      new InstrumentSeries(instrument, context, cardinalityLimit, this.exemplars)
    )
  }

  record(span: EndedSpanFields): void {
    for (const series of this.all) series.record(span)
  }
}
