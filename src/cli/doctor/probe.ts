import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as http from "node:http"
import * as http2 from "node:http2"
import * as https from "node:https"
import * as net from "node:net"
import * as tls from "node:tls"

/** What came of one request, before anybody says what it means. */
export type Finding =
  | {
    readonly _tag: "Answer"
    readonly status: number
    readonly headers: http.IncomingHttpHeaders
    readonly body: Uint8Array
    readonly millis: number
    /** When it came, in milliseconds since the Unix epoch. */
    readonly time: number
  }
  | { readonly _tag: "Failure"; readonly code: string; readonly message: string }
  | { readonly _tag: "Timeout" }

/** The certificate a server shows. */
export interface ShownCertificate {
  readonly subject: string
  readonly issuer: string
  readonly names: string
  readonly validFrom: string
  readonly validTo: string
}

const longestAnswer = 64 * 1024

/** Posts a body once, on a connection of its own, and tells what came of it. */
export const send = (options: {
  readonly url: URL
  readonly tls: { readonly ca?: Buffer; readonly key?: Buffer; readonly cert?: Buffer }
  readonly headers: http.OutgoingHttpHeaders
  readonly body: Uint8Array
  readonly timeoutMillis: number
}): Effect.Effect<Finding> =>
  Effect.gen(function*() {
    const clock = yield* Clock.Clock
    const begun = clock.monotonicTimeNanosUnsafe()
    const { body, headers, timeoutMillis, url } = options
    const request = Effect.callback<Finding>((resume) => {
      const sent = (url.protocol === "https:" ? https : http).request(url, {
        method: "POST",
        agent: false,
        headers: { ...headers, "content-length": body.length, "connection": "close" },
        ...options.tls
      })
      sent.on("error", (error: NodeJS.ErrnoException) =>
        resume(Effect.succeed({ _tag: "Failure", code: error.code ?? "", message: error.message })))
      sent.on("response", (response) => {
        const millis = Number(clock.monotonicTimeNanosUnsafe() - begun) / 1e6
        const time = clock.currentTimeMillisUnsafe()
        const chunks: Array<Uint8Array> = []
        let length = 0
        response.on("data", (chunk: Uint8Array) => {
          chunks.push(chunk)
          length += chunk.length
          if (length > longestAnswer) {
            response.destroy()
          }
        })
        response.on("error", () =>
          response.destroy())
        response.on("close", () =>
          resume(Effect.succeed({
            _tag: "Answer",
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
            millis,
            time
          })))
      })
      sent.end(body)
      return Effect.sync(() =>
        sent.destroy()
      )
    })
    return yield* Effect.timeoutOrElse(request, {
      duration: timeoutMillis === 0 ? Infinity : timeoutMillis,
      orElse: () => Effect.succeed<Finding>({ _tag: "Timeout" })
    })
  })

const lookMillis = 2000

const orFalse = (effect: Effect.Effect<boolean>): Effect.Effect<boolean> =>
  Effect.timeoutOrElse(effect, { duration: lookMillis, orElse: () => Effect.succeed(false) })

/** Whether a server greets in HTTP/2 at once, as those of gRPC do. */
export const speaksHttp2 = (url: URL): Effect.Effect<boolean> =>
  orFalse(Effect.callback((resume) => {
    // Nothing is sent but a greeting, so whose certificate it is does not matter.
    const session = http2.connect(url.origin, { rejectUnauthorized: false })
    session.on("remoteSettings", () => resume(Effect.succeed(true)))
    session.on("error", () => resume(Effect.succeed(false)))
    session.on("close", () => resume(Effect.succeed(false)))
    return Effect.sync(() => session.destroy())
  }))

const portOf = (url: URL): number => url.port === "" ? url.protocol === "https:" ? 443 : 80 : Number(url.port)

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "")

/** Looks at the certificate of a server without trusting it; `undefined` where it does not speak TLS. Sends nothing. */
export const certificateOf = (url: URL): Effect.Effect<ShownCertificate | undefined> =>
  Effect.timeoutOrElse(
    Effect.callback<ShownCertificate | undefined>((resume) => {
      const host = hostOf(url)
      const socket = tls.connect({
        host,
        port: portOf(url),
        rejectUnauthorized: false,
        ...(net.isIP(host) === 0 ? { servername: host } : undefined)
      })
      socket.on("secureConnect", () => {
        const shown = socket.getPeerX509Certificate()
        resume(Effect.succeed(
          shown === undefined ? undefined : {
            subject: shown.subject.replaceAll("\n", ", "),
            issuer: shown.issuer.replaceAll("\n", ", "),
            names: shown.subjectAltName ?? "none",
            validFrom: shown.validFrom,
            validTo: shown.validTo
          }
        ))
      })
      socket.on("error", () => resume(Effect.undefined))
      socket.on("close", () => resume(Effect.undefined))
      return Effect.sync(() => socket.destroy())
    }),
    { duration: lookMillis, orElse: () => Effect.undefined }
  )
