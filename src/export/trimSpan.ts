import type { ReadonlyAttributes, SpanEvent, SpanLink } from "../model/index.ts"
import { Attributes, EndedSpan } from "../model/index.ts"

const longestText = 1024
const mostItems = 16
const mostEvents = 16
const mostLinks = 32
const mostAttributes = 64

/** The attribute that says a span was cut down because it was too large to be sent (boolean). */
const trimmed = "span.trimmed"

const cutText = (text: string): string =>
  text.length <= longestText ? text : `${text.slice(0, longestText - 1).toWellFormed()}…`

const cutAttributes = (attributes: ReadonlyAttributes, first: Readonly<Record<string, unknown>> = {}): Attributes => {
  const cut = Attributes.fromRecord(first, mostAttributes, longestText)
  for (let i = 0; i < attributes.size; i++) {
    const value = attributes.valueAt(i)
    cut.set(cutText(attributes.keyAt(i)), Array.isArray(value) ? value.slice(0, mostItems) : value)
  }
  cut.dropped += attributes.dropped
  return cut
}

const cutEvent = ({ attributes, name, time }: SpanEvent): SpanEvent => ({
  name: cutText(name),
  time,
  attributes: attributes === undefined ? undefined : cutAttributes(attributes)
})

const cutLink = (link: SpanLink): SpanLink => ({
  ...link,
  attributes: link.attributes === undefined ? undefined : cutAttributes(link.attributes)
})

/**
 * Cuts a span down to what every receiver can be expected to take: long texts, lists, events and links lose their ends,
 * attributes beyond the first are left out. What is left out is counted in the span, which says so by `span.trimmed`.
 */
export const trimSpan = (span: EndedSpan): EndedSpan =>
  new EndedSpan({
    trace: span.trace,
    idHigh: span.idHigh,
    idLow: span.idLow,
    parentIdHigh: span.parentIdHigh,
    parentIdLow: span.parentIdLow,
    parentIsRemote: span.parentIsRemote,
    traceFlags: span.traceFlags,
    traceState: span.traceState,
    name: cutText(span.name),
    kind: span.kind,
    startTime: span.startTime,
    endTime: span.endTime,
    endedAttributes: cutAttributes(span.attributes, { [trimmed]: true }),
    events: span.events.slice(0, mostEvents).map(cutEvent),
    droppedEvents: span.droppedEvents + Math.max(0, span.events.length - mostEvents),
    endedLinks: span.links.slice(0, mostLinks).map(cutLink),
    droppedLinks: span.droppedLinks + Math.max(0, span.links.length - mostLinks),
    statusCode: span.statusCode,
    statusMessage: span.statusMessage === undefined ? undefined : cutText(span.statusMessage),
    scope: span.scope
  })
