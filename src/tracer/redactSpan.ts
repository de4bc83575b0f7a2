import type { Redactor } from "../privacy/index.ts"
import type { LiveSpan } from "./LiveSpan.ts"

const redactEvents = (redactor: Redactor.Redactor, span: LiveSpan): void => {
  let isRenamed = false
  const events = span.events.map((event) => {
    if (event.attributes !== undefined) redactor.redactAttributes(event.attributes)
    const name = redactor.redactText(event.name)
    if (name === event.name) return event
    isRenamed = true
    return { ...event, name }
  })
  if (isRenamed) span.replaceEvents(events)
}

/**
 * Takes secrets out of an ended span, in place: name, attributes, status, events and links.
 *
 * @category privacy
 * @since 0.1.0
 */
export const redactSpan = (redactor: Redactor.Redactor) => (span: LiveSpan): void => {
  // A span named after a URL: its query is looked at by key as well.
  span.name = span.name.includes("?") ? redactor.redactUrl(span.name) : redactor.redactText(span.name)
  if (span.endedAttributes.size > 0) redactor.redactAttributes(span.attributes)
  if (span.statusMessage !== undefined) span.statusMessage = redactor.redactText(span.statusMessage)
  if (span.events.length > 0) redactEvents(redactor, span)
  for (const link of span.endedLinks) {
    if (link.attributes !== undefined) redactor.redactAttributes(link.attributes)
  }
}
