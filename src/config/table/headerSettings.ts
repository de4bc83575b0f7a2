import type { FieldPath } from "../Field.ts"
import { headerName } from "../keyValues.ts"
import * as Kind from "../Kind.ts"
import { first, otel, type Setting, type Settings } from "../Setting.ts"

const headerList = Kind.listOf(
  Kind.matching(headerName, "the name of a header"),
  "a comma list of headers, such as accept-language,x-tenant"
)

const captured = (what: string, name: string): Setting<ReadonlyArray<string>> => ({
  description: `Headers of ${what} that are recorded, each as a list.`,
  kind: headerList,
  fallback: () => [],
  fallbackText: "none",
  sources: first(otel(`INSTRUMENTATION_HTTP_CAPTURE_HEADERS_${name}`, headerList))
})

/**
 * Settings of which headers spans record.
 *
 * @category settings
 * @since 0.1.0
 */
export const headerSettings: Settings<Extract<FieldPath, `capturedHeaders.${string}`>> = {
  "capturedHeaders.serverRequest": captured("requests served", "SERVER_REQUEST"),
  "capturedHeaders.serverResponse": captured("responses given", "SERVER_RESPONSE"),
  "capturedHeaders.clientRequest": captured("requests made", "CLIENT_REQUEST"),
  "capturedHeaders.clientResponse": captured("responses received", "CLIENT_RESPONSE")
}
