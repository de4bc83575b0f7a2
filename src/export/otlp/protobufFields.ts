/** A field of a protobuf message: its number, and a number (wire type 0) or bytes (wire type 2). */
export type ProtobufField = readonly [field: number, value: bigint | Uint8Array]

/**
 * Reads the fields of one protobuf message in their order: numbers and bytes; others are passed over. `undefined` where the
 * bytes are no message.
 */
export const protobufEntries = (bytes: Uint8Array): ReadonlyArray<ProtobufField> | undefined => {
  const fields: Array<ProtobufField> = []
  let at = 0
  const varint = (): bigint | undefined => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) return undefined
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, value)
    }
    return undefined
  }
  while (at < bytes.length) {
    const tag = varint()
    if (tag === undefined || tag < 8n) return undefined
    const field = Number(tag >> 3n)
    switch (Number(tag & 7n)) {
      case 0: {
        const value = varint()
        if (value === undefined) return undefined
        fields.push([field, value])
        break
      }
      case 1:
        at += 8
        break
      case 2: {
        const length = varint()
        if (length === undefined || length < 0n || length > BigInt(bytes.length - at)) return undefined
        fields.push([field, bytes.subarray(at, at + Number(length))])
        at += Number(length)
        break
      }
      case 5:
        at += 4
        break
      default:
        return undefined
    }
  }
  return at === bytes.length ? fields : undefined
}

/**
 * Reads the fields of one protobuf message by their numbers, the last of each; `undefined` where the bytes are no message.
 */
export const protobufFields = (bytes: Uint8Array): ReadonlyMap<number, bigint | Uint8Array> | undefined => {
  const entries = protobufEntries(bytes)
  return entries === undefined ? undefined : new Map(entries)
}
