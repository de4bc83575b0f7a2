import { NodeHttpServerRequest } from "@effect/platform-node"
import { Effect, Stream } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import type { Page } from "./html/pages.ts"
import type { Answer } from "./rest/Answer.ts"

/** Writes JSON as PHP does: slashes and everything beyond ASCII are escaped. */
export const phpJson = (body: unknown): string =>
  JSON.stringify(body).replace(
    /\/|[\u0080-\uffff]/g,
    (character) => character === "/" ? "\\/" : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  )

/** What every answer of the REST API carries, besides its own. */
const restHeaders = (link: string): Record<string, string> => ({
  "X-Robots-Tag": "noindex",
  Link: link,
  "X-Content-Type-Options": "nosniff",
  "Access-Control-Expose-Headers": "X-WP-Total, X-WP-TotalPages, Link",
  "Access-Control-Allow-Headers": "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type",
  Allow: "GET"
})

/** Turns an answer of the REST API into a response; `before` goes in front of the JSON. */
export const fromAnswer = (answer: Answer, options: {
  readonly restIndex: string
  readonly before?: string
  readonly contentType?: string
}): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(`${options.before ?? ""}${phpJson(answer.body)}`, {
    status: answer.status,
    contentType: options.contentType ?? "application/json; charset=UTF-8",
    headers: { ...restHeaders(`<${options.restIndex}>; rel="https://api.w.org/"`), ...answer.headers }
  })

/** Turns a page into a response. */
export const fromPage = (page: Page): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(page.html, {
    status: page.status,
    contentType: "text/html; charset=UTF-8",
    headers: page.headers
  })

const bytesOf = (response: HttpServerResponse.HttpServerResponse): Uint8Array =>
  response.body._tag === "Uint8Array" ? response.body.body : new Uint8Array()

const withBody = (
  response: HttpServerResponse.HttpServerResponse,
  body: Stream.Stream<Uint8Array>,
  contentLength: number
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.stream(body, {
    status: response.status,
    headers: response.headers,
    contentType: response.headers["content-type"] ?? "application/octet-stream",
    contentLength
  })

/** Sends half of the body, waits until it has left, and hangs up. */
export const truncated = (
  response: HttpServerResponse.HttpServerResponse
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest> =>
  Effect.map(HttpServerRequest.HttpServerRequest, (request) => {
    const bytes = bytesOf(response)
    const hangUp = Effect.sleep("25 millis").pipe(
      Effect.andThen(Effect.sync(() => NodeHttpServerRequest.toServerResponse(request).destroy())),
      Effect.andThen(Effect.never)
    )
    return withBody(
      response,
      Stream.concat(Stream.succeed(bytes.subarray(0, bytes.length >> 1)), Stream.fromEffectDrain(hangUp)),
      bytes.length
    )
  })

/** Sends the body in thirty drips, a tenth of a second apart. */
export const dripping = (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse => {
  const bytes = bytesOf(response)
  const drip = Math.ceil(bytes.length / 30)
  return withBody(
    response,
    Stream.range(0, 29).pipe(
      Stream.map((index) => bytes.subarray(index * drip, (index + 1) * drip)),
      Stream.filter((part) => part.length > 0),
      Stream.tap(() => Effect.sleep("100 millis"))
    ),
    bytes.length
  )
}

/** What WordPress answers when its own code fails. */
export const critical: Answer = {
  status: 500,
  headers: {},
  body: {
    code: "internal_server_error",
    message: "<p>There has been a critical error on this website.</p>",
    data: { status: 500 },
    additional_errors: []
  }
}

/** What the server in front of WordPress answers when it is asked too often. */
export const tooMany: HttpServerResponse.HttpServerResponse = HttpServerResponse.text(
  "<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body>\r\n<center><h1>429 Too Many Requests</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
  { status: 429, contentType: "text/html", headers: { "Retry-After": "1" } }
)

/** The page a browser gets when WordPress's own code fails. */
export const criticalPage: HttpServerResponse.HttpServerResponse = HttpServerResponse.text(
  "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head><title>WordPress &rsaquo; Error</title></head>\n<body id=\"error-page\"><div class=\"wp-die-message\"><p>There has been a critical error on this website.</p></div></body>\n</html>\n",
  { status: 500, contentType: "text/html; charset=UTF-8" }
)

/** What PHP prints when it is told to show its warnings. */
export const phpNotice =
  "<br />\n<b>Notice</b>:  Function _load_textdomain_just_in_time was called <strong>incorrectly</strong>. in <b>/var/www/html/wp-includes/functions.php</b> on line <b>6121</b><br />\n"
