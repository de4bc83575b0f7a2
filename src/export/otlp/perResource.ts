import type { Resource } from "../../model/index.ts"
import type { SpanEncoding } from "../SpanEncoding.ts"

/** Gives each resource one encoding, the same each time: exporters that encode alike share the bytes. */
export const perResource = (make: (resource: Resource) => SpanEncoding): (resource: Resource) => SpanEncoding => {
  const made = new WeakMap<Resource, SpanEncoding>()
  return (resource) => {
    const known = made.get(resource)
    if (known !== undefined) return known
    const encoding = make(resource)
    made.set(resource, encoding)
    return encoding
  }
}
