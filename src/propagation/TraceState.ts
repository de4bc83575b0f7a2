// W3C Trace Context level 2, section "tracestate Header": the list, its members and its limits.
const maxMembers = 32
const maxLength = 512
const longMember = 128
// 32 members of 256 characters on either side, their signs, and as much white space again: what is longer is not read.
const maxReadLength = 32 * 1024

const keyPattern = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/
const valuePattern = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

/**
 * The key of OpenTelemetry's own member: sampling threshold and randomness.
 *
 * @category keys
 * @since 0.1.0
 */
export const otelKey = "ot"

/**
 * The key of this library's own member.
 *
 * @category keys
 * @since 0.1.0
 */
export const ownKey = "effect-tracing"

const isOws = (code: number): boolean => code === 0x20 || code === 0x09

const keyOf = (member: string): string => member.slice(0, member.indexOf("="))

// Members as the specification wants them shortened: those over 128 characters first, then from the right; never in part.
const shorten = (members: ReadonlyArray<string>): ReadonlyArray<string> => {
  let kept = members.length > maxMembers ? members.slice(0, maxMembers) : members
  let length = kept.reduce((sum, member) => sum + member.length + 1, -1)
  if (length <= maxLength) return kept
  // From the right, so that of two long members the later goes first.
  const rest: Array<string> = []
  for (let i = kept.length - 1; i >= 0; i--) {
    const member = kept[i]!
    if (length > maxLength && member.length > longMember) length -= member.length + 1
    else rest.push(member)
  }
  kept = rest.toReversed()
  let count = kept.length
  while (count > 0 && length > maxLength) length -= kept[--count]!.length + 1
  return kept.slice(0, count)
}

const membersOf = (text: string): ReadonlyArray<string> => text.split(",")

/**
 * Reads the values of all `tracestate` headers of a request as one list, in one line and without white space between
 * members; `undefined` where there is none or it is broken.
 *
 * **Details**
 *
 * Several headers are one list, in their order; empty members and white space around members are passed over. A key or value
 * outside the grammar, a key that comes twice, or more than 32 members break the whole list. A list over 512 characters
 * loses whole members as the specification asks: those over 128 characters first, then from the end.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (values: ReadonlyArray<string>): string | undefined => {
  if (values.length === 0) return undefined
  let total = 0
  for (const value of values) total += value.length + 1
  if (total > maxReadLength) return undefined
  const text = values.length === 1 ? values[0]! : values.join(",")
  const members: Array<string> = []
  const keys = new Set<string>()
  let start = 0
  while (start <= text.length) {
    let end = text.indexOf(",", start)
    if (end < 0) end = text.length
    let from = start
    let to = end
    while (from < to && isOws(text.charCodeAt(from))) from++
    while (to > from && isOws(text.charCodeAt(to - 1))) to--
    start = end + 1
    if (from === to) continue
    const equals = text.indexOf("=", from)
    if (equals < 0 || equals >= to) return undefined
    const key = text.slice(from, equals)
    if (!keyPattern.test(key) || !valuePattern.test(text.slice(equals + 1, to)) || keys.has(key)) return undefined
    if (members.length === maxMembers) return undefined
    keys.add(key)
    members.push(text.slice(from, to))
  }
  const kept = shorten(members)
  return kept.length === 0 ? undefined : kept.join(",")
}

/**
 * Reads one member's value.
 *
 * @category accessors
 * @since 0.1.0
 */
export const get = (traceState: string | undefined, key: string): string | undefined => {
  if (traceState === undefined) return undefined
  for (const member of membersOf(traceState)) {
    if (member.startsWith(key) && member[key.length] === "=") return member.slice(key.length + 1)
  }
  return undefined
}

/**
 * Takes one member out; the others keep their order.
 *
 * @category mutations
 * @since 0.1.0
 */
export const remove = (traceState: string | undefined, key: string): string | undefined => {
  if (traceState === undefined) return undefined
  const rest = membersOf(traceState).filter((member) => keyOf(member) !== key)
  return rest.length === 0 ? undefined : rest.join(",")
}

/**
 * Sets one member: new or changed, it moves to the front, the others keep their order, and the list stays within its limits.
 *
 * **Details**
 *
 * A key or value outside the grammar sets nothing: a `tracestate` that breaks the rules would be dropped by whoever gets it.
 *
 * @category mutations
 * @since 0.1.0
 */
export const set = (traceState: string | undefined, key: string, value: string): string | undefined => {
  if (!keyPattern.test(key) || !valuePattern.test(value)) return traceState
  const member = `${key}=${value}`
  const rest = remove(traceState, key)
  return rest === undefined ? member : shorten([member, ...membersOf(rest)]).join(",")
}

/**
 * Reads a member that is itself a list, `key:value;key:value`, as OpenTelemetry's and our own are. Parts that are not of this
 * form are passed over.
 *
 * @category accessors
 * @since 0.1.0
 */
export const getFields = (traceState: string | undefined, key: string): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>()
  const value = get(traceState, key)
  if (value === undefined) return fields
  for (const part of value.split(";")) {
    const colon = part.indexOf(":")
    if (colon > 0) fields.set(part.slice(0, colon), part.slice(colon + 1))
  }
  return fields
}

/**
 * Sets fields of a member that is itself a list; `undefined` takes a field out, fields not named stay as they are, and a
 * member without fields goes.
 *
 * @category mutations
 * @since 0.1.0
 */
export const setFields = (
  traceState: string | undefined,
  key: string,
  changes: Readonly<Record<string, string | undefined>>
): string | undefined => {
  const fields = new Map(getFields(traceState, key))
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) fields.delete(name)
    else fields.set(name, value)
  }
  return fields.size === 0
    ? remove(traceState, key)
    : set(traceState, key, Array.from(fields, ([name, value]) => `${name}:${value}`).join(";"))
}

const thresholdPattern = /^[0-9a-f]{1,14}$/
const randomnessPattern = /^[0-9a-f]{14}$/

/**
 * Reads the sampling threshold (`th`): 1 to 14 hexadecimal digits, trailing zeros left out; traces whose randomness is below it
 * were dropped. `undefined` where it is absent or malformed.
 *
 * Source: OpenTelemetry specification, "TraceState: Probability Sampling".
 *
 * @category accessors
 * @since 0.1.0
 */
export const threshold = (traceState: string | undefined): string | undefined => {
  const value = getFields(traceState, otelKey).get("th")
  return value !== undefined && thresholdPattern.test(value) ? value : undefined
}

/**
 * Reads explicit trace randomness (`rv`): 14 hexadecimal digits that stand in for the trace id's last 56 bits. `undefined` where it
 * is absent or malformed.
 *
 * Source: OpenTelemetry specification, "TraceState: Probability Sampling".
 *
 * @category accessors
 * @since 0.1.0
 */
export const randomness = (traceState: string | undefined): string | undefined => {
  const value = getFields(traceState, otelKey).get("rv")
  return value !== undefined && randomnessPattern.test(value) ? value : undefined
}

/**
 * Sets the sampling threshold, `undefined` takes it out; whatever else OpenTelemetry's member holds stays.
 *
 * @category mutations
 * @since 0.1.0
 */
export const setThreshold = (traceState: string | undefined, value: string | undefined): string | undefined =>
  value === undefined && threshold(traceState) === undefined
    ? traceState
    : setFields(traceState, otelKey, { th: value })
