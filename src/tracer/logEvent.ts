import type { SpanEvent, SpanLimits } from "../model/index.ts"
import { Attributes } from "../model/index.ts"
import { isLogId } from "./logAnnotations.ts"

/** UTF-16 units of a log message that stay in a span event. */
const maxMessageLength = 1024

/**
 * Makes the span event of a log line.
 *
 * **Details**
 *
 * Effect's own tracer logger names the event by the whole message, which makes as many event names as there are
 * messages. Here the event is called `log`; `log.message` has the message, cut at 1024 characters, `log.severity`
 * the level (`INFO`, `WARN`, …), and the log annotations stay attributes of their own. The ids every log line has are the
 * span's, and left out.
 */
export const logEvent = (
  message: string,
  time: bigint,
  attributes: Record<string, unknown>,
  limits: SpanLimits
): SpanEvent => {
  const converted = new Attributes(limits.attributePerEventCount, Math.min(limits.attributeValueLength, 4096))
  converted.set("log.severity", attributes["effect.logLevel"])
  converted.set("log.message", message.length > maxMessageLength ? message.slice(0, maxMessageLength) : message)
  for (const key of Object.keys(attributes)) {
    if (key !== "effect.logLevel" && key !== "effect.fiberId" && !isLogId(key)) converted.set(key, attributes[key])
  }
  return { name: "log", time, attributes: converted }
}
