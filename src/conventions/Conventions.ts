import type { EndedSpan } from "../model/index.ts"
import { attributesByName } from "./Attribute.ts"
import { databaseRules } from "./databaseRules.ts"
import type { Deviation } from "./Deviation.ts"
import { errorRules } from "./errorRules.ts"
import { httpClientRules, httpServerRules } from "./httpRules.ts"
import { isAboutMessages, messagingRules } from "./messagingRules.ts"

export type { Deviation, Rule } from "./Deviation.ts"

const typeOf = (value: unknown): string =>
  Array.isArray(value)
    ? "string[]"
    : typeof value === "number"
    ? Number.isInteger(value) ? "int" : "double"
    : typeof value

const headerKey = /^http\.(?:request|response)\.header\./

const checkTypes = (span: EndedSpan, deviations: Array<Deviation>): void => {
  for (const [key, value] of span.attributes.entries()) {
    const known = attributesByName.get(key)
    const expected = known?.type ?? (headerKey.test(key) ? "string[]" : undefined)
    if (expected === undefined || expected === typeOf(value) || (expected === "double" && typeOf(value) === "int")) {
      continue
    }
    deviations.push({
      rule: "attribute type",
      span,
      attribute: key,
      expected: `${key} is ${expected}, not ${typeOf(value)}`,
      source: known?.source ?? "https://opentelemetry.io/docs/specs/semconv/http/http-spans/"
    })
  }
}

const rulesOf = (span: EndedSpan) => {
  const { attributes, kind } = span
  if (isAboutMessages(span)) return [...errorRules, ...messagingRules]
  if (attributes.has("db.system.name")) return kind === "internal" ? errorRules : [...errorRules, ...databaseRules]
  if (!attributes.has("http.request.method")) return errorRules
  return kind === "server"
    ? [...errorRules, ...httpServerRules]
    : kind === "client"
    ? [...errorRules, ...httpClientRules]
    : errorRules
}

/**
 * Checks spans against the conventions of HTTP, databases, messages and errors, and says of each deviation what was expected and
 * where that is written. An empty answer means that nothing was found.
 *
 * **When to use**
 *
 * Use in tests, on the spans a program made.
 *
 * **Gotchas**
 *
 * What a span cannot show is not checked: that an attribute is missing which only the program could have known.
 *
 * @category checking
 * @since 0.1.0
 */
export const check = (spans: ReadonlyArray<EndedSpan>): ReadonlyArray<Deviation> => {
  const deviations: Array<Deviation> = []
  for (const span of spans) {
    checkTypes(span, deviations)
    for (const { attribute, expected, holds, name, source } of rulesOf(span)) {
      if (!holds(span)) deviations.push({ rule: name, span, attribute, expected, source })
    }
  }
  return deviations
}
