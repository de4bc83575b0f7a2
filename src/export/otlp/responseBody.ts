import * as Predicate from "effect/Predicate"
import type { ExportOutcome } from "../SpanExporter.ts"
import { protobufFields } from "./protobufFields.ts"

const utf8 = new TextDecoder()

const textOf = (field: bigint | Uint8Array | undefined): string | undefined =>
  field instanceof Uint8Array && field.length > 0 ? utf8.decode(field) : undefined

const parse = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(utf8.decode(body))
  } catch {
    return undefined
  }
}

const field = (value: unknown, name: string): unknown => Predicate.hasProperty(value, name) ? value[name] : undefined

const oneLine = (text: string): string => {
  // oxlint-disable-next-line no-control-regex -- a stranger's text must not drive the reader's terminal
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim()
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`
}

const outcome = (rejected: number, message: string | undefined): ExportOutcome => ({
  rejected: Number.isSafeInteger(rejected) ? rejected : 0,
  message: message === undefined || message === "" ? undefined : oneLine(message)
})

const protobufOutcome = (body: Uint8Array): ExportOutcome | undefined => {
  const response = protobufFields(body)
  if (response === undefined) return undefined
  const partial = response.get(1)
  if (!(partial instanceof Uint8Array)) return outcome(0, undefined)
  const fields = protobufFields(partial)
  if (fields === undefined) return undefined
  const rejected = fields.get(1)
  return outcome(typeof rejected === "bigint" ? Number(rejected) : 0, textOf(fields.get(2)))
}

const jsonOutcome = (body: Uint8Array): ExportOutcome | undefined => {
  const response = parse(body)
  if (!Predicate.isObject(response)) return undefined
  const partial = field(response, "partialSuccess") ?? {}
  if (!Predicate.isObject(partial)) return undefined
  // 64-bit numbers are texts in OTLP's JSON.
  const rejected = Number(field(partial, "rejectedSpans") ?? 0)
  const message = field(partial, "errorMessage")
  return Number.isFinite(rejected) ? outcome(rejected, Predicate.isString(message) ? message : undefined) : undefined
}

/**
 * Reads the body of a good answer (`ExportTraceServiceResponse`): what of the batch was refused. `undefined` where it
 * is not what OTLP says.
 */
export const readOutcome = (contentType: string, body: Uint8Array): ExportOutcome | undefined => {
  if (body.length === 0) return outcome(0, undefined)
  return contentType.includes("json") ? jsonOutcome(body) : protobufOutcome(body)
}

const jsonMessage = (body: Uint8Array): string => {
  const message = field(parse(body), "message")
  return Predicate.isString(message) ? message : utf8.decode(body)
}

/**
 * Reads what a refusal says: the message of a `google.rpc.Status` in protobuf or JSON, or the text itself; on one line.
 */
export const readMessage = (contentType: string, body: Uint8Array): string | undefined => {
  if (body.length === 0) return undefined
  if (contentType.includes("html")) return "a web page"
  const message = contentType.includes("json")
    ? jsonMessage(body)
    : contentType.includes("protobuf")
    ? textOf(protobufFields(body)?.get(2))
    : utf8.decode(body)
  return message === undefined || message.trim() === "" ? undefined : oneLine(message)
}
