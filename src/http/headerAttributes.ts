import type { Attributes } from "../model/index.ts"

const requestPrefix = "http.request.header."
const responsePrefix = "http.response.header."

/** Turns captured headers into lists of text, which is what the conventions ask for. */
export const listHeaders = (attributes: Attributes): void => {
  for (let i = 0; i < attributes.size; i++) {
    const value = attributes.valueAt(i)
    if (typeof value !== "string") continue
    const key = attributes.keyAt(i)
    if (key.startsWith(requestPrefix) || key.startsWith(responsePrefix)) attributes.setAt(i, [value])
  }
}

/** Replaces an attribute that is text by what `change` makes of it. */
export const mapText = (attributes: Attributes, key: string, change: (text: string) => string): void => {
  const value = attributes.get(key)
  if (typeof value !== "string") return
  const changed = change(value)
  if (changed !== value) attributes.set(key, changed)
}

/** Writes the method as the conventions do, the original beside it where it is not a known one; gives what it wrote. */
export const setMethod = (attributes: Attributes, original: string, method: string): string => {
  attributes.set("http.request.method", method)
  if (method !== original) attributes.set("http.request.method_original", original)
  return method
}
