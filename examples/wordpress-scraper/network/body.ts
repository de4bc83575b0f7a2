import { Effect, Schema, Stream } from "effect"
import type { HttpClientError, HttpClientResponse } from "effect/http"

/** No post is larger than this; what is, is not worth the memory. */
const maxBytes = 32 * 1024 * 1024

/**
 * Says that an answer is larger than anything a blog would send.
 *
 * @category errors
 * @since 0.1.0
 */
export class BodyTooLarge extends Schema.TaggedError<BodyTooLarge>()("BodyTooLarge", {}) {}

const charsetOf = (contentType: string | undefined): string =>
  /charset=["']?([\w-]+)/iu.exec(contentType ?? "")?.[1] ?? "utf-8"

const decoderFor = (charset: string): InstanceType<typeof TextDecoder> => {
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}

/**
 * Reads the body of an answer as text of the character set it declares, at most 32 MiB.
 *
 * @category accessors
 * @since 0.1.0
 */
export const bodyText = Effect.fnUntraced(function*(
  response: HttpClientResponse.HttpClientResponse
): Effect.fn.Return<string, HttpClientError.HttpClientError | BodyTooLarge> {
  const decoder = decoderFor(charsetOf(response.headers["content-type"]))
  const parts: Array<string> = []
  let bytes = 0
  yield* Stream.runForEach(response.stream, (chunk) => {
    bytes += chunk.byteLength
    if (bytes > maxBytes) return Effect.fail(new BodyTooLarge())
    parts.push(decoder.decode(chunk, { stream: true }))
    return Effect.void
  }).pipe(
    // An answer without a body is an empty one.
    Effect.catchIf(
      (error) => error._tag === "HttpClientError" && error.reason._tag === "EmptyBodyError",
      () => Effect.void
    )
  )
  return parts.join("") + decoder.decode()
})
