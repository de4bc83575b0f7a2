/**
 * Reads the fields of one protobuf message: numbers of wire type 0 and bytes of wire type 2 by field number, the last
 * of each; other fields are passed over. `undefined` where the bytes are no message.
 */
export const protobufFields = (bytes: Uint8Array): ReadonlyMap<number, bigint | Uint8Array> | undefined => {
  const fields = new Map<number, bigint | Uint8Array>()
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
        fields.set(field, value)
        break
      }
      case 1:
        at += 8
        break
      case 2: {
        const length = varint()
        if (length === undefined || length < 0n || length > BigInt(bytes.length - at)) return undefined
        fields.set(field, bytes.subarray(at, at + Number(length)))
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
