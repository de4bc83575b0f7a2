import { Cause, Clock, Duration, Effect, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import type { HttpClient, HttpClientError } from "effect/http"
import type { Answer, Reader } from "./Answer.ts"
import { bodyText } from "./body.ts"
import type { Politeness } from "./Politeness.ts"
import { retryAfterMillis } from "./retryAfter.ts"

const maxRedirects = 8

/** From the first byte sent to the last byte read. */
const timeout = Duration.seconds(30)

/** A host that asks for more patience than this is not waited for. */
const maxPatienceMillis = 120_000

/** Answers that may be another one a little later. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])

/**
 * Says why one attempt failed, and whether another is worth making.
 *
 * @category errors
 * @since 0.1.0
 */
export class AttemptFailed extends Schema.TaggedError<AttemptFailed>()("AttemptFailed", {
  kind: Schema.Literals(["unreachable", "refused", "unreadable", "robots"]),
  message: Schema.String,
  worthRepeating: Schema.Boolean,
  /** How long the server asked to be left alone. */
  retryAfterMillis: Schema.UndefinedOr(Schema.Finite)
}) {}

const failed = (
  kind: AttemptFailed["kind"],
  message: string,
  worthRepeating: boolean,
  retryAfter?: number
): AttemptFailed => new AttemptFailed({ kind, message, worthRepeating, retryAfterMillis: retryAfter })

/** The innermost message: `fetch failed` says nothing, its cause says `ECONNREFUSED`. */
const rootCause = (error: unknown): { readonly code: string | undefined; readonly message: string } => {
  let current: unknown = error
  let code: string | undefined
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    if ("code" in current && typeof current.code === "string") code = current.code
    if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0]
    else if (current.cause === undefined) break
    else current = current.cause
  }
  return { code, message: current instanceof Error ? current.message : String(current) }
}

const unreachableReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name cannot be looked up now",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  ETIMEDOUT: "the connection timed out",
  UND_ERR_CONNECT_TIMEOUT: "the connection timed out",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed"
}

const fromClient = (error: HttpClientError.HttpClientError): AttemptFailed => {
  if (error.reason._tag === "InvalidUrlError") return failed("refused", "the URL is not valid", false)
  const { code, message } = rootCause(error.reason.cause ?? error)
  if (error.reason._tag === "DecodeError") {
    return failed("unreadable", `the answer was cut short (${message})`, true)
  }
  return failed("unreachable", unreachableReasons[code ?? ""] ?? message, true)
}

/** What an attempt needs to know. */
export interface AttemptOptions<A> {
  readonly accept: string
  readonly read: Reader<A>
  /** Whether robots.txt allows a URL; asked for every hop. */
  readonly allowed: (url: URL) => Effect.Effect<boolean>
}

/**
 * Makes one attempt at a URL: waits its turn, follows redirects hop by hop (each with a turn and a leave of its own),
 * reads the body and lets `read` make something of it.
 *
 * **Details**
 *
 * Statuses that may heal fail with `worthRepeating`; all others are handed to `read`, which knows what they mean.
 *
 * @category constructors
 * @since 0.1.0
 */
export const attempt = Effect.fnUntraced(function*<A>(
  client: HttpClient.HttpClient,
  politeness: Politeness["Service"],
  url: string,
  options: AttemptOptions<A>
): Effect.fn.Return<A, AttemptFailed> {
  let current = new URL(url)
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    if (!(yield* options.allowed(current))) {
      return yield* failed("robots", "robots.txt forbids it", false)
    }
    yield* politeness.turn(current)
    const answer = yield* hop(client, current, options.accept)
    const location = answer.headers["location"]
    if (answer.status >= 300 && answer.status < 400 && location !== undefined && URL.canParse(location, current.href)) {
      current = new URL(location, current)
      continue
    }
    if (passing.has(answer.status)) {
      const now = yield* Clock.currentTimeMillis
      const retryAfter = retryAfterMillis(answer.headers["retry-after"], now)
      const patient = retryAfter === undefined || retryAfter <= maxPatienceMillis
      if (retryAfter !== undefined && patient) yield* politeness.pause(current, retryAfter)
      const asked = patient ? "" : ` and asked to be left alone for ${Math.ceil(retryAfter / 1000)} s`
      return yield* failed("refused", `answered ${answer.status}${asked}`, patient, retryAfter)
    }
    return yield* options.read(answer).pipe(
      Effect.mapError((unreadable) => failed("unreadable", unreadable.message, true))
    )
  }
  return yield* failed("refused", `redirected more than ${maxRedirects} times`, false)
})

const hop = (
  client: HttpClient.HttpClient,
  url: URL,
  accept: string
): Effect.Effect<Answer, AttemptFailed> =>
  client.execute(HttpClientRequest.get(url, { accept })).pipe(
    Effect.flatMap((response) =>
      Effect.map(bodyText(response), (body): Answer => ({
        url: url.href,
        status: response.status,
        headers: response.headers,
        body
      }))
    ),
    Effect.timeout(timeout),
    Effect.mapError((error) => {
      if (Cause.isTimeoutError(error)) return failed("unreachable", "no whole answer within 30 seconds", true)
      if (error._tag === "BodyTooLarge") return failed("unreadable", "the answer is larger than 32 MiB", false)
      return fromClient(error)
    })
  )
