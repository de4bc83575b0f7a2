import { hexOfInt, intOfHex } from "./hex.ts"
import { fillRandomInts } from "./random.ts"

const pattern = /^[0-9a-f]{32}$/
const zero = "00000000000000000000000000000000"
const scratch = new Int32Array(4)

/**
 * Identifies one trace: 128 bits, shared by every span of the trace.
 *
 * **Details**
 *
 * Held as four signed 32-bit integers, which V8 stores without a heap object each, so that the protobuf encoder writes
 * them as they are and hexadecimal text is made only when somebody asks for it, once per trace.
 *
 * @category ids
 * @since 0.1.0
 */
export class TraceId {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  private text: string | undefined

  constructor(a: number, b: number, c: number, d: number, text?: string) {
    this.a = a
    this.b = b
    this.c = c
    this.d = d
    this.text = text
  }

  /** The id as 32 lower-case hexadecimal digits. */
  get hex(): string {
    return this.text ??= hexOfInt(this.a) + hexOfInt(this.b) + hexOfInt(this.c) + hexOfInt(this.d)
  }

  /**
   * Makes a random id. All 128 bits are random, as the `random` flag of W3C Trace Context level 2 promises.
   */
  static random(): TraceId {
    do {
      fillRandomInts(scratch)
    } while (scratch[0] === 0 && scratch[1] === 0 && scratch[2] === 0 && scratch[3] === 0)
    return new TraceId(scratch[0]!, scratch[1]!, scratch[2]!, scratch[3]!)
  }

  /**
   * Reads 32 lower-case hexadecimal digits; `undefined` for anything else and for the all-zero id, which
   * W3C Trace Context forbids.
   */
  static fromHex(text: string): TraceId | undefined {
    if (!pattern.test(text) || text === zero) return undefined
    return new TraceId(intOfHex(text, 0), intOfHex(text, 8), intOfHex(text, 16), intOfHex(text, 24), text)
  }
}
