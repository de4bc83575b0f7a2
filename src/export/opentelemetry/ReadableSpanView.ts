import * as Api from "@opentelemetry/api"
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base"
import type * as Tracer from "effect/Tracer"
import type {
  EndedSpan,
  InstrumentationScope,
  ReadonlyAttributes,
  Resource,
  SpanLink,
  StatusCode
} from "../../model/index.ts"
import { resourceView } from "./ResourceView.ts"

type OtelScope = ReadableSpan["instrumentationScope"]

const kinds: Readonly<Record<Tracer.SpanKind, Api.SpanKind>> = {
  internal: Api.SpanKind.INTERNAL,
  server: Api.SpanKind.SERVER,
  client: Api.SpanKind.CLIENT,
  producer: Api.SpanKind.PRODUCER,
  consumer: Api.SpanKind.CONSUMER
}

const statusCodes: Readonly<Record<StatusCode, Api.SpanStatusCode>> = {
  unset: Api.SpanStatusCode.UNSET,
  ok: Api.SpanStatusCode.OK,
  error: Api.SpanStatusCode.ERROR
}

const billion = 1_000_000_000n

const hrTime = (nanos: bigint): Api.HrTime => [Number(nanos / billion), Number(nanos % billion)]

const attributesOf = (attributes: ReadonlyAttributes | undefined): Api.Attributes =>
  attributes === undefined ? {} : attributes.toRecord() as Api.Attributes

const traceStateOf = (traceState: string | undefined): { readonly traceState?: Api.TraceState } =>
  traceState === undefined ? {} : { traceState: Api.createTraceState(traceState) }

const scopes = new WeakMap<InstrumentationScope, OtelScope>()

// One view for each scope: OpenTelemetry's exporters group spans by it.
const scopeOf = (scope: InstrumentationScope): OtelScope => {
  let view = scopes.get(scope)
  if (view === undefined) {
    view = {
      name: scope.name,
      ...(scope.version === undefined ? undefined : { version: scope.version }),
      ...(scope.schemaUrl === undefined ? undefined : { schemaUrl: scope.schemaUrl })
    }
    scopes.set(scope, view)
  }
  return view
}

const linkOf = (link: SpanLink): Api.Link => ({
  context: {
    traceId: link.traceId,
    spanId: link.spanId,
    traceFlags: link.traceFlags,
    ...traceStateOf(link.traceState)
  },
  attributes: attributesOf(link.attributes),
  droppedAttributesCount: link.attributes?.dropped ?? 0
})

/**
 * Shows an ended span as OpenTelemetry's `ReadableSpan`, for processors and exporters written for OpenTelemetry.
 *
 * **Details**
 *
 * Each part is converted when it is first read, and then kept: processors and exporters often read but a few.
 *
 * @category models
 * @since 0.1.0
 */
export class ReadableSpanView implements ReadableSpan {
  /** Left out at the root of a trace, as OpenTelemetry has it; so it cannot be a getter. */
  readonly parentSpanContext?: Api.SpanContext
  private readonly span: EndedSpan
  private readonly ownResource: Resource
  private context: Api.SpanContext | undefined
  private attributesView: Api.Attributes | undefined
  private eventsView: ReadableSpan["events"] | undefined
  private linksView: Array<Api.Link> | undefined

  constructor(span: EndedSpan, resource: Resource) {
    this.span = span
    this.ownResource = resource
    const spanId = span.parentSpanId
    if (spanId === undefined) return
    this.parentSpanContext = {
      traceId: span.traceId,
      spanId,
      traceFlags: span.traceFlags,
      isRemote: span.parentIsRemote
    }
  }

  get name(): string {
    return this.span.name
  }

  get kind(): Api.SpanKind {
    return kinds[this.span.kind]
  }

  spanContext(): Api.SpanContext {
    const { span } = this
    return this.context ??= {
      traceId: span.traceId,
      spanId: span.spanId,
      traceFlags: span.traceFlags,
      ...traceStateOf(span.traceState)
    }
  }

  get startTime(): Api.HrTime {
    return hrTime(this.span.startTime)
  }

  get endTime(): Api.HrTime {
    return hrTime(this.span.endTime)
  }

  get duration(): Api.HrTime {
    return hrTime(this.span.endTime - this.span.startTime)
  }

  get ended(): boolean {
    return true
  }

  get status(): Api.SpanStatus {
    const { statusCode, statusMessage } = this.span
    return { code: statusCodes[statusCode], ...(statusMessage === undefined ? undefined : { message: statusMessage }) }
  }

  get attributes(): Api.Attributes {
    return this.attributesView ??= attributesOf(this.span.attributes)
  }

  get links(): Array<Api.Link> {
    return this.linksView ??= this.span.links.map(linkOf)
  }

  get events(): ReadableSpan["events"] {
    return this.eventsView ??= this.span.events.map((event) => ({
      name: event.name,
      time: hrTime(event.time),
      attributes: attributesOf(event.attributes),
      droppedAttributesCount: event.attributes?.dropped ?? 0
    }))
  }

  get resource(): ReadableSpan["resource"] {
    return resourceView(this.ownResource)
  }

  get instrumentationScope(): OtelScope {
    return scopeOf(this.span.scope)
  }

  get droppedAttributesCount(): number {
    return this.span.attributes.dropped
  }

  get droppedEventsCount(): number {
    return this.span.droppedEvents
  }

  get droppedLinksCount(): number {
    return this.span.droppedLinks
  }
}
