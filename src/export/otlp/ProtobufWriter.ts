const initialBytes = 64 * 1024
/** A buffer that one unusual batch made larger than this is let go after it. */
const keptBytes = 1024 * 1024
/** The most that the number of a field and a length or a number of 32 bits behind it take. */
const headBytes = 8
/** Strings up to this length are tried as ASCII: a loop writes them before a call into C++ would have begun. */
const shortLength = 48

/**
 * Writes protobuf messages into one growing buffer, which is used again for the next message.
 *
 * **Details**
 *
 * Only what OTLP needs. A nested message is written in place between {@link ProtobufWriter.begin} and
 * {@link ProtobufWriter.end}: one byte is left for its length, and what was written moves up in the few cases where
 * one byte is too little. So nothing is measured beforehand and the encoding is the canonical, shortest one.
 */
export class ProtobufWriter {
  private buffer = Buffer.allocUnsafeSlow(initialBytes)
  private view = new DataView(this.buffer.buffer)
  private position = 0

  /** How many bytes are written. */
  get length(): number {
    return this.position
  }

  /** Forgets what was written after the first so many bytes. */
  truncate(length: number): void {
    this.position = length
    if (length === 0 && this.buffer.length > keptBytes) this.replaceBuffer(initialBytes)
  }

  /** Takes a copy of what was written, and begins anew. */
  finish(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.position)
    bytes.set(this.buffer.subarray(0, this.position))
    this.truncate(0)
    return bytes
  }

  private replaceBuffer(size: number): void {
    this.buffer = Buffer.allocUnsafeSlow(size)
    this.view = new DataView(this.buffer.buffer)
  }

  private reserve(count: number): void {
    if (this.position + count <= this.buffer.length) return
    const old = this.buffer
    this.replaceBuffer(Math.max(old.length * 2, this.position + count))
    old.copy(this.buffer, 0, 0, this.position)
  }

  /** Writes an unsigned number of up to 32 bits where there is room for it. */
  private varint(value: number): void {
    const { buffer } = this
    let at = this.position
    while (value > 0x7f) {
      buffer[at++] = value & 0x7f | 0x80
      value >>>= 7
    }
    buffer[at++] = value
    this.position = at
  }

  /** Begins a nested message (wire type 2) and returns the mark that {@link ProtobufWriter.end} takes. */
  begin(field: number): number {
    this.reserve(headBytes)
    this.varint(field << 3 | 2)
    return ++this.position
  }

  /** Ends a nested message. */
  end(mark: number): void {
    let length = this.position - mark
    if (length >= 0x80) {
      const extra = length < 0x4000 ? 1 : length < 0x20_0000 ? 2 : length < 0x1000_0000 ? 3 : 4
      this.reserve(extra)
      this.buffer.copyWithin(mark + extra, mark, this.position)
      this.position += extra
    }
    let at = mark - 1
    while (length >= 0x80) {
      this.buffer[at++] = length & 0x7f | 0x80
      length >>>= 7
    }
    this.buffer[at] = length
  }

  /** Copies a part of what another one has written, as it is. */
  copy(other: ProtobufWriter, from: number, to: number): void {
    this.reserve(to - from)
    this.position += other.buffer.copy(this.buffer, this.position, from, to)
  }

  /** Writes bytes, or a message that is encoded already. */
  bytes(field: number, value: Uint8Array): void {
    this.reserve(headBytes + value.length)
    this.varint(field << 3 | 2)
    this.varint(value.length)
    this.buffer.set(value, this.position)
    this.position += value.length
  }

  /** Writes an unsigned number of up to 32 bits; 0 is the default and is left out. */
  uint32(field: number, value: number): void {
    if (value === 0) return
    this.reserve(headBytes)
    this.varint(field << 3)
    this.varint(value)
  }

  bool(field: number, value: boolean): void {
    this.reserve(headBytes)
    this.varint(field << 3)
    this.varint(value ? 1 : 0)
  }

  /** Writes a safe integer as `int64`. */
  int64(field: number, value: number): void {
    this.reserve(headBytes + 8)
    this.varint(field << 3)
    let low = value >>> 0
    let high = Math.floor(value / 0x1_0000_0000) >>> 0
    while (high !== 0) {
      this.buffer[this.position++] = low & 0x7f | 0x80
      low = (low >>> 7 | high << 25) >>> 0
      high >>>= 7
    }
    this.varint(low)
  }

  double(field: number, value: number): void {
    this.reserve(headBytes + 8)
    this.varint(field << 3 | 1)
    this.view.setFloat64(this.position, value, true)
    this.position += 8
  }

  fixed64(field: number, value: bigint): void {
    this.reserve(headBytes + 8)
    this.varint(field << 3 | 1)
    this.view.setBigUint64(this.position, value, true)
    this.position += 8
  }

  fixed32(field: number, value: number): void {
    this.reserve(headBytes)
    this.varint(field << 3 | 5)
    this.view.setUint32(this.position, value, true)
    this.position += 4
  }

  /** Writes 64 bits, held as signed 32-bit integers, as bytes, the most significant first. */
  id64(field: number, high: number, low: number): void {
    this.reserve(headBytes + 8)
    this.varint(field << 3 | 2)
    const { position, view } = this
    this.buffer[position] = 8
    view.setInt32(position + 1, high)
    view.setInt32(position + 5, low)
    this.position = position + 9
  }

  /** Writes 128 bits, held as signed 32-bit integers, as bytes, the most significant first. */
  id128(field: number, a: number, b: number, c: number, d: number): void {
    this.reserve(headBytes + 16)
    this.varint(field << 3 | 2)
    const { position, view } = this
    this.buffer[position] = 16
    view.setInt32(position + 1, a)
    view.setInt32(position + 5, b)
    view.setInt32(position + 9, c)
    view.setInt32(position + 13, d)
    this.position = position + 17
  }

  /** Writes hexadecimal digits as bytes. */
  hex(field: number, digits: string): void {
    const mark = this.begin(field)
    this.reserve(digits.length / 2)
    this.position += this.buffer.write(digits, this.position, "hex")
    this.end(mark)
  }

  /** Writes a string as UTF-8; half of a surrogate pair becomes U+FFFD. */
  string(field: number, text: string): void {
    const { length } = text
    // At most three bytes for each UTF-16 unit.
    this.reserve(headBytes + length * 3)
    this.varint(field << 3 | 2)
    const mark = ++this.position
    if (length <= shortLength && this.ascii(text, mark)) {
      this.buffer[mark - 1] = length
      this.position = mark + length
    } else {
      this.position = mark + this.buffer.write(text, mark, "utf8")
      this.end(mark)
    }
  }

  /**
   * Writes a `KeyValue` of OTLP in one go where it is short, as nearly all are: the key ASCII, and the value a number, a boolean or
   * ASCII as well. Says whether it did. For fields up to 15.
   */
  shortAttribute(field: number, key: string, value: unknown): boolean {
    if (key.length > shortLength || typeof value === "string" && value.length > shortLength) return false
    this.reserve(4 * headBytes + 2 * shortLength)
    const start = this.position
    const valueAt = start + 4 + key.length
    if (!this.ascii(key, start + 4)) return false
    this.position = valueAt + 2
    if (!this.shortValue(value)) {
      this.position = start
      return false
    }
    const { buffer, position } = this
    buffer[start] = field << 3 | 2
    buffer[start + 1] = position - start - 2
    buffer[start + 2] = 1 << 3 | 2
    buffer[start + 3] = key.length
    buffer[valueAt] = 2 << 3 | 2
    buffer[valueAt + 1] = position - valueAt - 2
    return true
  }

  private shortValue(value: unknown): boolean {
    switch (typeof value) {
      case "string": {
        const at = this.position
        if (!this.ascii(value, at + 2)) return false
        this.buffer[at] = 1 << 3 | 2
        this.buffer[at + 1] = value.length
        this.position = at + 2 + value.length
        return true
      }
      case "number":
        if (Number.isSafeInteger(value)) this.int64(3, value)
        else this.double(4, value)
        return true
      case "boolean":
        this.bool(2, value)
        return true
      default:
        return false
    }
  }

  /** Writes a string there; says whether it could, which is whether all of it is ASCII. */
  private ascii(text: string, at: number): boolean {
    const { buffer } = this
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return false
      buffer[at + i] = unit
    }
    return true
  }
}
