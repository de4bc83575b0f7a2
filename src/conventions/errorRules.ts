import type { Rule } from "./Deviation.ts"
import { rulesFrom } from "./Deviation.ts"

const rule = rulesFrom("https://opentelemetry.io/docs/specs/semconv/general/recording-errors/")

/** What every span must say of its outcome. */
export const errorRules: ReadonlyArray<Rule> = [
  rule(
    "status is not ok",
    undefined,
    "an instrumentation leaves the status of a success unset",
    (span) => span.statusCode !== "ok"
  ),
  rule(
    "error has a type",
    "error.type",
    "a span with status error has error.type",
    (span) => span.statusCode !== "error" || span.attributes.has("error.type")
  ),
  rule(
    "type has an error",
    "error.type",
    "a span without status error has no error.type",
    (span) => span.statusCode === "error" || !span.attributes.has("error.type")
  ),
  rule(
    "description only of errors",
    undefined,
    "only status error has a description",
    (span) => span.statusCode === "error" || span.statusMessage === undefined
  ),
  rule(
    "exceptions are described",
    undefined,
    "an exception event has exception.type or exception.message",
    (span) =>
      span.events.every((event) =>
        event.name !== "exception" || event.attributes?.has("exception.type") === true ||
        event.attributes?.has("exception.message") === true
      )
  )
]
