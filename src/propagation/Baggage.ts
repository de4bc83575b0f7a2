import type { Member } from "./baggageMembers.ts"
import { isKey, isValueOctet, maxBytes, maxMembers, membersOf, wellFormedProperties } from "./baggageMembers.ts"
import type { Carrier, Setter } from "./Carrier.ts"
import { LateBaggage } from "./LateBaggage.ts"
import { percentDecode, percentEncode } from "./percent.ts"
import type { Extracted, PropagatedContext } from "./PropagatedContext.ts"
import { nothingExtracted } from "./PropagatedContext.ts"
import type { Propagator } from "./Propagator.ts"

/**
 * One value of the baggage.
 *
 * @category models
 * @since 0.1.0
 */
export interface Entry {
  /** The value, decoded. */
  readonly value: string
  /** The properties as they came, `k1=v1;k2`: opaque to W3C Baggage. */
  readonly properties: string | undefined
}

/**
 * Keys and values that user code sends along with a trace.
 *
 * @category models
 * @since 0.1.0
 */
export type Baggage = ReadonlyMap<string, Entry>

/**
 * Reads the values of all `baggage` headers of a request; `undefined` where nothing well-formed is in them.
 *
 * **Details**
 *
 * Several headers are one list. A malformed member is dropped alone; of a key that comes twice, the last counts. Reading stops after
 * 180 members or 8,192 bytes: what does not fit whole is dropped. Values are percent-decoded as UTF-8, with U+FFFD for what is none.
 *
 * Up to the first well-formed member the headers are read at once, the rest when somebody looks into the baggage: most requests never
 * do.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (values: ReadonlyArray<string>): Baggage | undefined => {
  if (values.length === 0) return undefined
  const members = membersOf(values)
  const first = members.next()
  if (first.done === true) return undefined
  return new LateBaggage(() => {
    const entries = new Map<string, Entry>()
    for (let next: IteratorResult<Member, void> = first; next.done !== true; next = members.next()) {
      const { key, properties, value } = next.value
      entries.set(key, {
        value: percentDecode(value),
        properties: properties === "" ? undefined : wellFormedProperties(properties)
      })
    }
    return entries
  })
}

/**
 * Writes baggage as one header value; the empty string where there is nothing to send.
 *
 * **Details**
 *
 * Keys that are no token of RFC 9110 cannot be sent and are left out; values are percent-encoded. What does not fit into 180 members
 * and 8,192 bytes is left out, whole members at a time.
 *
 * @category encoding
 * @since 0.1.0
 */
export const format = (baggage: Baggage): string => {
  let header = ""
  let members = 0
  for (const [key, entry] of baggage) {
    if (members === maxMembers) break
    if (!isKey(key)) continue
    const properties = entry.properties === undefined ? undefined : wellFormedProperties(`;${entry.properties}`)
    const pair = `${key}=${percentEncode(entry.value, isValueOctet)}`
    const member = properties === undefined ? pair : `${pair};${properties}`
    const length = header.length + member.length + (header === "" ? 0 : 1)
    if (length > maxBytes) continue
    header = header === "" ? member : `${header},${member}`
    members++
  }
  return header
}

/**
 * Makes baggage from plain keys and values.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromRecord = (record: Readonly<Record<string, string>>): Baggage =>
  new Map(Object.entries(record).map(([key, value]) => [key, { value, properties: undefined }]))

const extract = (carrier: Carrier): Extracted => {
  const baggage = parse(carrier.values("baggage"))
  return baggage === undefined ? nothingExtracted : { context: undefined, baggage, decision: undefined }
}

const inject = (context: PropagatedContext, set: Setter): void => {
  if (context.baggage === undefined || context.baggage.size === 0) return
  const header = format(context.baggage)
  if (header !== "") set("baggage", header)
}

/**
 * Carries baggage in the header `baggage`.
 *
 * Source: W3C Baggage.
 *
 * @category propagators
 * @since 0.1.0
 */
export const propagator: Propagator = { name: "baggage", fields: ["baggage"], extract, inject }
