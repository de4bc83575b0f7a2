import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { ExportError, ExportOutcome } from "../SpanExporter.ts"

/**
 * Where requests of OTLP are sent and how.
 *
 * @category models
 * @since 0.1.0
 */
export interface OtlpTransportOptions {
  /**
   * The whole address, path included: usually `http://localhost:4318/v1/traces`. Or `unix:/path` of a socket, where over HTTP
   * `/v1/traces` is posted to.
   */
  readonly tracesEndpoint: string
  readonly headers?: Readonly<Record<string, Redacted.Redacted>> | undefined
  /** How long one request may take, in milliseconds; 10,000 if left out, `Infinity` is no limit. */
  readonly timeoutMillis?: number | undefined
  readonly compression?: "gzip" | "none" | undefined
  /** Path of the certificates (PEM) of the authorities that are trusted instead of the usual ones. */
  readonly certificate?: string | undefined
  /** Path of the private key (PEM) this process shows itself with. */
  readonly clientKey?: string | undefined
  /** Path of the certificate (PEM) this process shows itself with. */
  readonly clientCertificate?: string | undefined
}

/**
 * Sends encoded requests of OTLP by one protocol.
 */
export interface OtlpSender {
  /** Sends the body of one request (`ExportTraceServiceRequest`) once. Safe to interrupt. */
  readonly send: (body: Uint8Array) => Effect.Effect<ExportOutcome, ExportError>
  /** Lets connections go. */
  readonly shutdown: Effect.Effect<void>
}

/**
 * Carries encoded requests of OTLP to a receiver.
 */
export interface OtlpTransport extends OtlpSender {
  /** Names the receiver in the status, without what may be secret in its address. */
  readonly name: string
  /** The address alone, for messages. */
  readonly endpoint: string
}

/**
 * Makes what sends to the address of the options, which messages show as `endpoint`.
 */
export type MakeSender = (
  options: OtlpTransportOptions,
  endpoint: string
) => Effect.Effect<OtlpSender, never, Scope.Scope>
