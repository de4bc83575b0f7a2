import * as Inspectable from "effect/Inspectable"

/**
 * A value OpenTelemetry attributes can hold: a string, a finite or non-finite number, a boolean, or an array of one of
 * these kinds (`null` and `undefined` inside an array are kept, as the specification allows).
 *
 * @category models
 * @since 0.1.0
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | ReadonlyArray<string | null | undefined>
  | ReadonlyArray<number | null | undefined>
  | ReadonlyArray<boolean | null | undefined>

const truncate = (text: string, maxLength: number): string => {
  if (text.length <= maxLength) return text
  // Never cut a surrogate pair in two: half of one is not valid UTF-8.
  const last = text.charCodeAt(maxLength - 1)
  return text.slice(0, maxLength > 0 && last >= 0xd800 && last <= 0xdbff ? maxLength - 1 : maxLength)
}

const fromArray = (values: ReadonlyArray<unknown>, maxLength: number): AttributeValue => {
  let kind: string | undefined
  for (const value of values) {
    if (value === null || value === undefined) continue
    const type = typeof value
    if (type !== "string" && type !== "number" && type !== "boolean") {
      return truncate(Inspectable.toStringUnknown(values), maxLength)
    }
    if (kind !== undefined && kind !== type) {
      return values.map((item) =>
        item === null || item === undefined ? item : truncate(Inspectable.toStringUnknown(item), maxLength)
      )
    }
    kind = type
  }
  return kind === "string"
    ? values.map((item) => typeof item === "string" ? truncate(item, maxLength) : item) as ReadonlyArray<string>
    : values.slice() as ReadonlyArray<number>
}

const fromObject = (value: object, maxLength: number): AttributeValue => {
  if (Array.isArray(value)) return fromArray(value, maxLength)
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString()
  if (value instanceof URL) return truncate(value.href, maxLength)
  if (value instanceof Error) return truncate(`${value.name}: ${value.message}`, maxLength)
  // What is text in JSON is that text, without quotes: `<redacted>` for a `Redacted`.
  const json = Inspectable.toJson(value)
  if (typeof json === "string") return truncate(json, maxLength)
  return truncate(Inspectable.toStringUnknown(value), maxLength)
}

/**
 * Converts what user code annotates a span with into an attribute value, or `undefined` where there is nothing to
 * record (`null`, `undefined`, functions).
 *
 * **Details**
 *
 * Strings longer than `maxLength` UTF-16 units are cut (`OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`). Objects are rendered
 * at once, so that later changes to them do not show and nothing they hold stays alive. A `Redacted` prints as
 * `<redacted>`. A value whose rendering throws becomes `<unprintable>`. Never throws.
 *
 * @category conversions
 * @since 0.1.0
 */
export const fromUnknown = (value: unknown, maxLength: number = Infinity): AttributeValue | undefined => {
  switch (typeof value) {
    case "string":
      return value.length <= maxLength ? value : truncate(value, maxLength)
    case "number":
    case "boolean":
      return value
    case "bigint":
      return truncate(value.toString(), maxLength)
    case "symbol":
      return truncate(value.toString(), maxLength)
    case "object": {
      if (value === null) return undefined
      try {
        return fromObject(value, maxLength)
      } catch {
        return "<unprintable>"
      }
    }
    default:
      return undefined
  }
}
