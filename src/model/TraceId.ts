import { hexOfInt, intOfHex } from "./hex.ts"
import { randomInt } from "./random.ts"

const pattern = /^[0-9a-f]{32}$/
const zero = "00000000000000000000000000000000"

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
    // An all-zero id is invalid: a quarter of it never being zero is enough.
    return new TraceId(randomInt(), randomInt(), randomInt(), randomInt() || 1)
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
