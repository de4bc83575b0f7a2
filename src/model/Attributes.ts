import type { AttributeValue } from "./AttributeValue.ts"
import { fromUnknown } from "./AttributeValue.ts"

// A record of the program's own may have a getter that throws.
const read = (record: Readonly<Record<string, unknown>>, key: string): unknown => {
  try {
    return record[key]
  } catch {
    return "<unprintable>"
  }
}

// More than a list or a string can hold.
const unlimited = 2 ** 31 - 1

/**
 * Holds the attributes of a span, event or link in the order they were first set.
 *
 * **Details**
 *
 * A flat list of keys and values: for the handful a span has, cheaper to fill and to keep than a `Map`. It reads as a
 * `ReadonlyMap`, which is what Effect's `Span.attributes` asks for. Values are converted when they are set (see
 * {@link fromUnknown}); beyond `countLimit` new keys are not kept but counted in `dropped`.
 *
 * @category models
 * @since 0.1.0
 */
export class Attributes implements ReadonlyMap<string, AttributeValue> {
  private entriesFlat: Array<string | AttributeValue> = []
  /** How many attributes were set beyond the count limit and are not here. */
  dropped = 0
  private readonly countLimit: number
  private readonly lengthLimit: number

  constructor(countLimit: number = Infinity, lengthLimit: number = Infinity) {
    // Infinity would be a heap object in each of these.
    this.countLimit = Math.min(countLimit, unlimited)
    this.lengthLimit = Math.min(lengthLimit, unlimited)
  }

  /**
   * Makes attributes from a record, converting each value.
   */
  static fromRecord(
    record: Readonly<Record<string, unknown>>,
    countLimit: number = Infinity,
    lengthLimit: number = Infinity
  ): Attributes {
    const attributes = new Attributes(countLimit, lengthLimit)
    for (const key of Object.keys(record)) attributes.set(key, read(record, key))
    attributes.compact()
    return attributes
  }

  private indexOf(key: string): number {
    const flat = this.entriesFlat
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === key) return i
    return -1
  }

  /** How many attributes are held. */
  get size(): number {
    return this.entriesFlat.length / 2
  }

  get(key: string): AttributeValue | undefined {
    const index = this.indexOf(key)
    return index < 0 ? undefined : this.entriesFlat[index + 1]
  }

  has(key: string): boolean {
    return this.indexOf(key) >= 0
  }

  /** The key at position `index`, from 0 to `size - 1`. */
  keyAt(index: number): string {
    return this.entriesFlat[index * 2] as string
  }

  /** The value at position `index`, from 0 to `size - 1`. */
  valueAt(index: number): AttributeValue {
    return this.entriesFlat[index * 2 + 1] as AttributeValue
  }

  /** Replaces the value at position `index`, from 0 to `size - 1`. */
  setAt(index: number, value: AttributeValue): void {
    this.entriesFlat[index * 2 + 1] = value
  }

  /** Sets one attribute. `null` and `undefined` set nothing; an empty key is refused by OpenTelemetry and ignored. */
  set(key: string, value: unknown): void {
    const converted = fromUnknown(value, this.lengthLimit)
    if (converted === undefined || key === "") return
    const index = this.indexOf(key)
    if (index >= 0) {
      this.entriesFlat[index + 1] = converted
    } else if (this.entriesFlat.length / 2 >= this.countLimit) {
      this.dropped++
    } else {
      this.entriesFlat.push(key, converted)
    }
  }

  /** Sets one attribute even where there is no room left: for those a span must not lose, such as `error.type`. */
  setReserved(key: string, value: AttributeValue): void {
    const index = this.indexOf(key)
    if (index >= 0) this.entriesFlat[index + 1] = value
    else this.entriesFlat.push(key, value)
  }

  /** Lets go of the room a growing list keeps for more, which is half of what a few attributes take. */
  compact(): void {
    if (this.entriesFlat.length > 0) this.entriesFlat = this.entriesFlat.slice()
  }

  /** Removes one attribute; says whether it was there. */
  delete(key: string): boolean {
    const index = this.indexOf(key)
    if (index < 0) return false
    this.entriesFlat.splice(index, 2)
    return true
  }

  forEach(f: (value: AttributeValue, key: string, map: ReadonlyMap<string, AttributeValue>) => void): void {
    for (let i = 0; i < this.size; i++) f(this.valueAt(i), this.keyAt(i), this)
  }

  *entries(): MapIterator<[string, AttributeValue]> {
    for (let i = 0; i < this.size; i++) yield [this.keyAt(i), this.valueAt(i)]
  }

  *keys(): MapIterator<string> {
    for (let i = 0; i < this.size; i++) yield this.keyAt(i)
  }

  *values(): MapIterator<AttributeValue> {
    for (let i = 0; i < this.size; i++) yield this.valueAt(i)
  }

  [Symbol.iterator](): MapIterator<[string, AttributeValue]> {
    return this.entries()
  }

  /** The attributes as a plain record. */
  toRecord(): Record<string, AttributeValue> {
    return Object.fromEntries(this.entries())
  }
}

/**
 * Attributes as those may see them who must not change them.
 *
 * @category models
 * @since 0.1.0
 */
export type ReadonlyAttributes = Omit<Attributes, "set" | "setAt" | "setReserved" | "delete" | "compact">

/**
 * The attributes of whatever has none.
 *
 * @category models
 * @since 0.1.0
 */
export const noAttributes: ReadonlyAttributes = new Attributes(0)
