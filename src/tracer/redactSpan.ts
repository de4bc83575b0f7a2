import type { Redactor } from "../privacy/index.ts"
import type { LiveSpan } from "./LiveSpan.ts"

/**
 * Takes secrets out of an ended span, in place: attributes, status, events and links.
 *
 * @category privacy
 * @since 0.1.0
 */
export const redactSpan = (redactor: Redactor.Redactor) => (span: LiveSpan): void => {
  if (span.endedAttributes.size > 0) redactor.redactAttributes(span.attributes)
  if (span.statusMessage !== undefined) span.statusMessage = redactor.redactText(span.statusMessage)
  for (const event of span.events) {
    if (event.attributes !== undefined) redactor.redactAttributes(event.attributes)
  }
  for (const link of span.endedLinks) {
    if (link.attributes !== undefined) redactor.redactAttributes(link.attributes)
  }
}
