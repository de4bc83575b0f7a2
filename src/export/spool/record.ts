import * as zlib from "node:zlib"

// A record: length of the payload, checksum of what follows it, number of spans, payload. All numbers are 32 bits,
// little-endian. With no spans it is a note: a payload of 4 bytes acknowledges everything up to an offset, one of 8 says up to
// which offset requests may have been taken without an answer.
const headerBytes = 12

/** Begins every segment: what does not begin with it is not ours. */
export const magic: Uint8Array = Buffer.from("spool-1\n")

/**
 * The body of a request as it lies in a segment.
 */
export interface Record {
  readonly start: number
  readonly end: number
  readonly spans: number
  /** Whether it was sent, and no answer is known: the process died before, or none came. */
  readonly mayHaveArrived: boolean
}

/** Frames the body of a request with so many spans. */
export const frame = (payload: Uint8Array, spans: number): Buffer => {
  const record = Buffer.allocUnsafe(headerBytes + payload.length)
  record.writeUInt32LE(payload.length, 0)
  record.writeUInt32LE(spans, 8)
  record.set(payload, headerBytes)
  record.writeUInt32LE(zlib.crc32(record.subarray(8)), 4)
  return record
}

/** Frames the news that everything before the offset has been dealt with. */
export const frameAcknowledgement = (offset: number): Buffer => {
  const payload = Buffer.alloc(4)
  payload.writeUInt32LE(offset)
  return frame(payload, 0)
}

/** Frames the news that what lies before the offset may have been taken, unless it is acknowledged; 0: that nothing may have. */
export const frameDoubt = (offset: number): Buffer => {
  const payload = Buffer.alloc(8)
  payload.writeUInt32LE(offset)
  return frame(payload, 0)
}

/** The payload of the record that lies at an offset; `undefined` where there is no whole one. */
export const payloadAt = (
  bytes: Buffer,
  start: number
): { readonly payload: Buffer; readonly spans: number } | undefined => {
  if (start + headerBytes > bytes.length) return undefined
  const end = start + headerBytes + bytes.readUInt32LE(start)
  if (end > bytes.length || zlib.crc32(bytes.subarray(start + 8, end)) !== bytes.readUInt32LE(start + 4)) {
    return undefined
  }
  return { payload: bytes.subarray(start + headerBytes, end), spans: bytes.readUInt32LE(start + 8) }
}

/**
 * What a segment holds.
 */
export interface SegmentContents {
  /** Records that are not acknowledged, oldest first. */
  readonly records: ReadonlyArray<Record>
  /** Where the last whole record ends. */
  readonly length: number
}

/**
 * Reads what a segment holds, up to the first record that is not whole; `undefined` where it is none. One whose writer was
 * killed before anything else was written is empty.
 */
export const readContents = (bytes: Buffer): SegmentContents | undefined => {
  const beginning = bytes.subarray(0, magic.length)
  if (!beginning.equals(magic.subarray(0, beginning.length))) return undefined
  const records: Array<Omit<Record, "mayHaveArrived">> = []
  let acknowledged = 0
  let doubted = 0
  let start = magic.length
  for (let found = payloadAt(bytes, start); found !== undefined; found = payloadAt(bytes, start)) {
    const { payload, spans } = found
    const end = start + headerBytes + payload.length
    if (spans > 0) records.push({ start, end, spans })
    else if (payload.length === 4) acknowledged = payload.readUInt32LE()
    else if (payload.length === 8) doubted = payload.readUInt32LE()
    start = end
  }
  return {
    records: records.flatMap(({ end, spans, start }) =>
      end > acknowledged ? [{ start, end, spans, mayHaveArrived: end <= doubted }] : []
    ),
    length: Math.min(start, bytes.length)
  }
}
