import * as Effect from "effect/Effect"
import { X509Certificate } from "node:crypto"
import * as fs from "node:fs/promises"
import * as tls from "node:tls"
import { ExportError } from "../SpanExporter.ts"
import type { OtlpTransportOptions } from "./OtlpTransport.ts"

/**
 * Whom to trust, and what to show: PEM texts.
 */
export interface Certificates {
  readonly ca?: Buffer
  readonly key?: Buffer
  readonly cert?: Buffer
}

const certificateError = (text: string, cause: unknown): ExportError =>
  new ExportError({
    reason: "certificate file",
    message: `Spans cannot be exported: ${text} (${String(cause)}).`,
    retryable: true,
    retryAfterMillis: undefined,
    cause
  })

const readFile = (path: string): Effect.Effect<Buffer, ExportError> =>
  Effect.tryPromise({
    try: () => fs.readFile(path),
    catch: (cause) => certificateError(`the file ${path}, named as a certificate or key for it, cannot be read`, cause)
  })

const readFiles = (
  paths: Readonly<Record<string, string | undefined>>,
  use: (certificates: Certificates) => unknown
): Effect.Effect<Certificates, ExportError> =>
  Effect.gen(function*() {
    const named = Object.entries(paths).flatMap(([kind, path]) => path === undefined ? [] : [[kind, path] as const])
    if (named.length === 0) return {}
    const texts = yield* Effect.forEach(named, ([kind, path]) =>
      Effect.map(readFile(path), (text) => [kind, text] as const))
    const certificates: Certificates = Object.fromEntries(texts)
    // Node would throw in the midst of a request, and take a file without certificates for a reason to trust nobody.
    yield* Effect.try({
      try: () =>
        use(certificates),
      catch: (cause) =>
        certificateError(
          `TLS cannot use the certificate or key in ${named.map(([, path]) => path).join(" and ")}`,
          cause
        )
    })
    return certificates
  })

/**
 * Reads the certificates and the key the options name from their files, and checks that TLS can use them.
 */
export const readCertificates = (options: OtlpTransportOptions): Effect.Effect<Certificates, ExportError> =>
  Effect.zipWith(
    readFiles({ ca: options.certificate }, ({ ca = "" }) => new X509Certificate(ca)),
    readFiles({ key: options.clientKey, cert: options.clientCertificate }, tls.createSecureContext),
    (trusted, own) => ({ ...trusted, ...own })
  )
