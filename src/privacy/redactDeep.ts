import * as Inspectable from "effect/Inspectable"
import * as Predicate from "effect/Predicate"
import * as Redactable from "effect/Redactable"
import * as Redacted from "effect/Redacted"
import { marker } from "./marker.ts"
import type { Redactor } from "./Redactor.ts"

const inspect = Symbol.for("nodejs.util.inspect.custom")

/** Levels of nesting that are looked into; what a logger prints is rarely deeper than three. */
const maxDepth = 64

const isOpaque = (value: object): boolean =>
  Redacted.isRedacted(value) || Redactable.isRedactable(value) || ArrayBuffer.isView(value) ||
  value instanceof ArrayBuffer || value instanceof Date || value instanceof RegExp ||
  value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet

const hasJson = (value: object): boolean =>
  !(value instanceof Error) && Predicate.hasProperty(value, "toJSON") && typeof value.toJSON === "function"

/** Copies a value of the program's and takes the secrets out of the copy. */
class Copier {
  private readonly redactor: Redactor
  // By what they are copies of: a value may hold itself.
  private readonly copies = new Map<object, unknown>()
  changes = 0

  constructor(redactor: Redactor) {
    this.redactor = redactor
  }

  /** @param key what the value is called where it stands; empty where it has no name */
  copy(key: string, value: unknown, depth: number): unknown {
    if (typeof value === "string" || typeof value === "number") {
      const redacted = key === "" && typeof value === "string"
        ? this.redactor.redactText(value)
        : this.redactor.redactValue(key, value)
      if (!Object.is(redacted, value)) this.changes++
      return redacted
    }
    if (typeof value === "bigint") {
      const redacted = this.redactor.redactValue(key, String(value))
      if (redacted === String(value)) return value
      this.changes++
      return redacted
    }
    if (typeof value !== "object" || value === null || isOpaque(value)) return value
    const kind = this.redactor.kindOfKey(key)
    if (kind !== undefined) {
      this.changes++
      return marker(kind)
    }
    const known = this.copies.get(value)
    if (known !== undefined) return known
    if (depth >= maxDepth) {
      this.changes++
      return marker("too_deep")
    }
    return this.copyObject(value, depth + 1)
  }

  private copyObject(value: object, depth: number): unknown {
    if (Array.isArray(value)) {
      const copy: Array<unknown> = []
      this.copies.set(value, copy)
      for (const item of value) copy.push(this.copy("", item, depth))
      return copy
    }
    if (value instanceof Map) {
      const copy = new Map<unknown, unknown>()
      this.copies.set(value, copy)
      for (const [key, item] of value) {
        copy.set(this.copy("", key, depth), this.copy(typeof key === "string" ? key : "", item, depth))
      }
      return copy
    }
    if (value instanceof Set) {
      const copy = new Set<unknown>()
      this.copies.set(value, copy)
      for (const item of value) copy.add(this.copy("", item, depth))
      return copy
    }
    return hasJson(value) ? this.copyShown(value, depth) : this.copyProperties(value, depth)
  }

  /** Copies what shows itself as JSON: loggers print that, and Node's `inspect` what is beneath unless it is told otherwise. */
  private copyShown(value: object, depth: number): unknown {
    this.copies.set(value, value)
    const before = this.changes
    const json = this.copy("", Inspectable.toJson(value), depth)
    if (this.changes > before) {
      this.copies.set(value, json)
      return json
    }
    if (inspect in value) return value
    const copy = this.copyProperties(value, depth)
    if (this.changes > before) return Object.defineProperty(copy, "toJSON", { value: () => json })
    this.copies.set(value, value)
    return value
  }

  private copyProperties(value: object, depth: number): object {
    const copy: object = Object.create(Reflect.getPrototypeOf(value))
    this.copies.set(value, copy)
    for (const key of Reflect.ownKeys(value)) {
      const { enumerable } = Reflect.getOwnPropertyDescriptor(value, key)!
      const item = this.copy(typeof key === "string" ? key : "", Reflect.get(value, key), depth)
      Object.defineProperty(copy, key, { value: item, enumerable: enumerable!, configurable: true, writable: true })
    }
    return copy
  }
}

/**
 * Takes the secrets out of any value that is about to be printed: texts, objects, lists, maps, errors with their stacks and causes.
 * Where there are none, it is the value itself that comes back; else a copy, of the same prototypes.
 *
 * **Details**
 *
 * An object below a secret key goes as a whole. `Redacted` stays what it is. What cannot be read, because a getter of its own
 * throws, is replaced: what is in there nobody knows.
 *
 * @category privacy
 * @since 0.1.0
 */
export const redactDeep = (redactor: Redactor, value: unknown, key = ""): unknown => {
  const copier = new Copier(redactor)
  try {
    const copy = copier.copy(key, value, 0)
    return copier.changes === 0 ? value : copy
  } catch {
    return marker("unreadable")
  }
}
