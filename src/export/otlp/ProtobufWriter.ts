const initialBytes = 64 * 1024
/** A buffer that one unusual batch made larger than this is let go after it. */
const keptBytes = 1024 * 1024

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

  /** Begins a nested message (wire type 2) and returns the mark that {@link ProtobufWriter.end} takes. */
  begin(field: number): number {
    this.varint(field << 3 | 2)
    this.reserve(1)
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
    this.varint(field << 3 | 2)
    this.varint(value.length)
    this.reserve(value.length)
    this.buffer.set(value, this.position)
    this.position += value.length
  }

  /** Writes an unsigned number of up to 32 bits. */
  private varint(value: number): void {
    this.reserve(5)
    while (value > 0x7f) {
      this.buffer[this.position++] = value & 0x7f | 0x80
      value >>>= 7
    }
    this.buffer[this.position++] = value
  }

  /** Writes an unsigned number of up to 32 bits; 0 is the default and is left out. */
  uint32(field: number, value: number): void {
    if (value === 0) return
    this.varint(field << 3)
    this.varint(value)
  }

  bool(field: number, value: boolean): void {
    this.varint(field << 3)
    this.varint(value ? 1 : 0)
  }

  /** Writes a safe integer as `int64`. */
  int64(field: number, value: number): void {
    this.varint(field << 3)
    this.reserve(10)
    let low = value >>> 0
    let high = Math.floor(value / 0x1_0000_0000) >>> 0
    while (high !== 0 || low > 0x7f) {
      this.buffer[this.position++] = low & 0x7f | 0x80
      low = (low >>> 7 | high << 25) >>> 0
      high >>>= 7
    }
    this.buffer[this.position++] = low
  }

  double(field: number, value: number): void {
    this.varint(field << 3 | 1)
    this.reserve(8)
    this.view.setFloat64(this.position, value, true)
    this.position += 8
  }

  fixed64(field: number, value: bigint): void {
    this.varint(field << 3 | 1)
    this.reserve(8)
    this.view.setBigUint64(this.position, value, true)
    this.position += 8
  }

  fixed32(field: number, value: number): void {
    this.varint(field << 3 | 5)
    this.reserve(4)
    this.view.setUint32(this.position, value, true)
    this.position += 4
  }

  /** Writes an id held as signed 32-bit integers, most significant first, as bytes. */
  id(field: number, ...parts: ReadonlyArray<number>): void {
    const mark = this.begin(field)
    this.reserve(parts.length * 4)
    for (const part of parts) {
      this.view.setInt32(this.position, part)
      this.position += 4
    }
    this.end(mark)
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
    const mark = this.begin(field)
    // At most three bytes for each UTF-16 unit.
    this.reserve(text.length * 3)
    // Most strings are short and ASCII: a loop writes them before a call into C++ would have begun.
    if (text.length > 48 || !this.ascii(text)) {
      this.position = mark + this.buffer.write(text, mark, "utf8")
    }
    this.end(mark)
  }

  private ascii(text: string): boolean {
    const { buffer } = this
    let at = this.position
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return false
      buffer[at++] = unit
    }
    this.position = at
    return true
  }
}
