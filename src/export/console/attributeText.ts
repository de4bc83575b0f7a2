import type { AttributeValue, EndedSpan } from "../../model/index.ts"

/** An attribute's value as text; `undefined` where there is none, or an empty one. */
export const textOf = (value: AttributeValue.AttributeValue | undefined): string | undefined =>
  value === undefined || value === ""
    ? undefined
    : Array.isArray(value)
    ? `[${value.join(", ")}]`
    : String(value)

/** The first of the span's attributes that has a text. */
export const textAt = (span: EndedSpan, ...keys: ReadonlyArray<string>): string | undefined => {
  for (const key of keys) {
    const text = textOf(span.attributes.get(key))
    if (text !== undefined) return text
  }
  return undefined
}

/** The span's attribute, if it is a number. */
export const numberAt = (span: EndedSpan, key: string): number | undefined => {
  const value = span.attributes.get(key)
  return typeof value === "number" ? value : undefined
}
