import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as zlib from "node:zlib"
import { packageVersion } from "../../model/index.ts"
import type { ExportError, ExportOutcome } from "../SpanExporter.ts"
import { readCertificates } from "./certificates.ts"
import { failureOf } from "./failureOf.ts"
import type { Headers, HttpTarget } from "./httpRequest.ts"
import { makeTarget, post } from "./httpRequest.ts"
import { keepOpen } from "./keepOpen.ts"
import type { MakeSender } from "./OtlpTransport.ts"
import { outcomeOf } from "./outcomeOf.ts"
import { findProxy, readProxyVariables } from "./proxy.ts"
import { readAddress } from "./receiverAddress.ts"

const contentTypes = { "http/protobuf": "application/x-protobuf", "http/json": "application/json" } as const

/** Compresses a body. */
export const gzip = (body: Uint8Array): Effect.Effect<Uint8Array> =>
  Effect.callback((resume) => {
    zlib.gzip(body, (error, zipped) => resume(error === null ? Effect.succeed(zipped) : Effect.die(error)))
  })

/**
 * Makes what sends by HTTP/1.1. One connection is kept and used again; certificates are read when it is first needed.
 */
export const make = (protocol: keyof typeof contentTypes): MakeSender =>
  Effect.fnUntraced(function*(options, endpoint) {
    const { compression = "none", timeoutMillis = 10_000 } = options
    const headers: Headers = {
      "user-agent": `effect-tracing/${packageVersion}`,
      ...Object.fromEntries(
        Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), Redacted.value(value)])
      ),
      "content-type": contentTypes[protocol],
      ...(compression === "gzip" ? { "content-encoding": "gzip" } : undefined)
    }
    const proxyVariables = yield* readProxyVariables
    const target = keepOpen(
      Effect.gen(function*() {
        const address = yield* readAddress(options)
        const proxy = address.socketPath === undefined ? yield* findProxy(address.url, proxyVariables) : undefined
        return makeTarget(address, proxy, yield* readCertificates(options), headers, timeoutMillis)
      }),
      () => true
    )
    const close = Effect.sync(() => target.current()?.close())
    yield* Effect.addFinalizer(() => close)
    const sendTo = (connected: HttpTarget, body: Uint8Array): Effect.Effect<ExportOutcome, ExportError> =>
      Effect.clockWith((clock) =>
        Effect.matchEffect(post(connected, body, clock), {
          onFailure: (failure) => Effect.fail(failureOf(endpoint, timeoutMillis, failure)),
          onSuccess: (answer) => {
            const outcome = outcomeOf(endpoint, answer, clock.currentTimeMillisUnsafe())
            return answer.isRepeated ? Effect.map(outcome, (taken) => ({ ...taken, mayBeDoubled: true })) : outcome
          }
        })
      )
    return {
      send: (plain) =>
        Effect.flatMap(target.get, (connected) =>
          compression === "gzip"
            ? Effect.flatMap(gzip(plain), (body) => sendTo(connected, body))
            : sendTo(connected, plain)),
      shutdown: close
    }
  })
