import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { OutgoingHttpHeaders } from "node:http"
import * as zlib from "node:zlib"
import { packageVersion } from "../../model/index.ts"
import { readCertificates } from "./certificates.ts"
import { failureOf } from "./failureOf.ts"
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
    const headers: OutgoingHttpHeaders = {
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
        return makeTarget(address, proxy, yield* readCertificates(options), timeoutMillis)
      }),
      () => true
    )
    const close = Effect.sync(() => target.current()?.close())
    yield* Effect.addFinalizer(() => close)
    return {
      send: Effect.fnUntraced(function*(plain) {
        const connected = yield* target.get
        const body = compression === "gzip" ? yield* gzip(plain) : plain
        const answer = yield* Effect.mapError(
          post(connected, headers, body),
          (failure) => failureOf(endpoint, timeoutMillis, failure)
        )
        const outcome = yield* outcomeOf(endpoint, answer, yield* Clock.currentTimeMillis)
        return answer.isRepeated ? { ...outcome, mayBeDoubled: true } : outcome
      }),
      shutdown: close
    }
  })
