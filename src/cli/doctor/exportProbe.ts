import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { ExportError, ExportOutcome } from "../../export/index.ts"
import type { Check } from "./Check.ts"
import { failed, ok, warning } from "./Check.ts"

/** An error's message tells the cause first, and what to do in the sentences that begin with an order. */
const order =
  /(?<=\.) (?=(?:Add|Check|Correct|If|Install|Let|Look|Mend|Name|OTLP over|Perhaps|Raise|Remove|Renew|Restart|Run|Set|Start|Turn|Use) )/

/** What to do where the message gives no order. */
const mends: Readonly<Record<string, string>> = {
  proxy: "Start the proxy, correct its variable, or add the collector to NO_PROXY"
}

/** What passes by itself, if whoever takes the spans is given time. */
const isBusy = (reason: string): boolean => /\b(?:429|503|RESOURCE_EXHAUSTED)\b/.test(reason)

const failureCheck = (name: string, { message, reason }: ExportError): Check => {
  const [cause = message, ...orders] = message.replace(/\.$/, "").split(order)
  const mend = orders.length === 0
    ? mends[reason] ?? "Check TRACING_OTLP_ENDPOINT and the collector's log"
    : orders.join(" ")
  return isBusy(reason) ? warning(name, cause, mend) : failed(name, cause.replace(/\.$/, ""), mend)
}

/**
 * Sends a span by an exporter of the program's own, and says what came of it in the exporter's words.
 */
export const exportCheck = (
  name: string,
  where: string,
  send: Effect.Effect<ExportOutcome, ExportError>
): Effect.Effect<Check> =>
  Effect.gen(function*() {
    const begun = yield* Clock.monotonicTimeNanos
    const sent = yield* Effect.result(send)
    if (Result.isFailure(sent)) return failureCheck(name, sent.failure)
    const { message, rejected } = sent.success
    if (rejected > 0) {
      return failed(
        name,
        `${where} refused the span: ${message ?? "without a reason"}`,
        "Ask who runs it what it takes"
      )
    }
    const millis = Math.round(Number((yield* Clock.monotonicTimeNanos) - begun) / 1e6)
    return ok(name, `${where} took a span in ${millis} ms${message === undefined ? "" : `, and says: ${message}`}`)
  })
