import * as Effect from "effect/Effect"
import type { ClientHttp2Session, IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2"
import * as http2 from "node:http2"
import { quietly } from "../../untraced.ts"

/**
 * A connection to a server.
 */
export interface GrpcConnection {
  readonly session: ClientHttp2Session
  /** Whether the server has spoken HTTP/2 on it. */
  wasGreeted: boolean
}

/**
 * What a server answered to a call: the headers, or where there are only those the trailers, hold its status.
 */
export interface GrpcAnswer {
  readonly headers: IncomingHttpHeaders
  readonly trailers: IncomingHttpHeaders
  /** The bytes of all messages, each behind its prefix. */
  readonly body: Buffer
}

/**
 * Why no answer came.
 */
export interface GrpcFailure {
  /** Whether all of the call had gone out, so that the server may have taken it. */
  readonly wasSent: boolean
  /** Whether the server has ever spoken HTTP/2 on this connection. */
  readonly wasGreeted: boolean
  /** `undefined`: the time was up. */
  readonly error: NodeJS.ErrnoException | undefined
}

const prefixBytes = 5
/** How much of an answer is read, in bytes: OTLP answers with a few. */
const longestAnswer = 64 * 1024

/** Puts a message behind its prefix: whether it is compressed, and its length. */
export const frameMessage = (message: Uint8Array, isCompressed: boolean): Buffer => {
  const framed = Buffer.allocUnsafe(prefixBytes + message.length)
  framed.writeUInt8(isCompressed ? 1 : 0, 0)
  framed.writeUInt32BE(message.length, 1)
  framed.set(message, prefixBytes)
  return framed
}

/** The first message of an answer; `undefined` where it is not whole, or compressed, which we did not ask for. */
export const unframeMessage = (body: Buffer): Buffer | undefined => {
  if (body.length < prefixBytes || body.readUInt8(0) !== 0) return undefined
  const end = prefixBytes + body.readUInt32BE(1)
  return end > body.length ? undefined : body.subarray(prefixBytes, end)
}

/**
 * Calls a unary method with one framed message and waits for the answer, whatever it is.
 */
export const call = (
  connection: GrpcConnection,
  headers: OutgoingHttpHeaders,
  framed: Buffer,
  timeoutMillis: number
): Effect.Effect<GrpcAnswer, GrpcFailure> =>
  Effect.suspend(() => {
    const { session } = connection
    let wasSent = (): boolean => false
    const failure = (error: NodeJS.ErrnoException | undefined): Effect.Effect<never, GrpcFailure> =>
      Effect.fail({ wasSent: wasSent(), wasGreeted: connection.wasGreeted, error })
    return Effect.callback<GrpcAnswer, GrpcFailure>((resume) => {
      const fail = (error: NodeJS.ErrnoException): void => resume(failure(error))
      session.once("error", fail)
      let stream: http2.ClientHttp2Stream
      try {
        stream = quietly(() => session.request(headers))
      } catch (error) {
        fail(error as NodeJS.ErrnoException)
        return
      }
      // A server that refuses a stream has not looked at it.
      wasSent = () => stream.writableFinished && stream.rstCode !== http2.constants.NGHTTP2_REFUSED_STREAM
      const chunks: Array<Buffer> = []
      let length = 0
      let head: IncomingHttpHeaders = {}
      let trailers: IncomingHttpHeaders = {}
      stream.on("response", (received) => head = received)
      stream.on("trailers", (received) => trailers = received)
      stream.on("data", (chunk: Buffer) => {
        length += chunk.length
        if (length <= longestAnswer) chunks.push(chunk)
        else stream.close(http2.constants.NGHTTP2_CANCEL)
      })
      stream.on("error", (error: NodeJS.ErrnoException) => {
        // That a stream was cancelled says nothing; why its session could not be set up does.
        const reason = error.code === "ERR_HTTP2_STREAM_CANCEL" && error.cause instanceof Error ? error.cause : error
        setImmediate(() => fail(reason))
      })
      stream.on("close", () => {
        session.off("error", fail)
        if (head[":status"] !== undefined) {
          resume(Effect.succeed({ headers: head, trailers, body: Buffer.concat(chunks) }))
        } else setImmediate(() => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" })))
      })
      stream.end(framed)
      return Effect.sync(() => stream.close(http2.constants.NGHTTP2_CANCEL))
    }).pipe(
      Effect.timeoutOrElse({
        duration: timeoutMillis,
        orElse: () => failure(undefined)
      })
    )
  })
