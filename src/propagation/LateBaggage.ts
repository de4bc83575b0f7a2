import type { Baggage, Entry } from "./Baggage.ts"

/**
 * Baggage that is read from what came in when somebody first looks into it: most requests never do, and whoever sends 8 KiB of it is not to
 * be paid for with the time it takes.
 */
export class LateBaggage implements ReadonlyMap<string, Entry> {
  private read: (() => Baggage) | undefined
  private known: Baggage | undefined = undefined

  constructor(read: () => Baggage) {
    this.read = read
  }

  private get entriesRead(): Baggage {
    if (this.known === undefined) {
      this.known = this.read?.() ?? new Map()
      this.read = undefined
    }
    return this.known
  }

  get size(): number {
    return this.entriesRead.size
  }

  get(key: string): Entry | undefined {
    return this.entriesRead.get(key)
  }

  has(key: string): boolean {
    return this.entriesRead.has(key)
  }

  forEach(f: (entry: Entry, key: string, baggage: Baggage) => void): void {
    this.entriesRead.forEach((entry, key) => f(entry, key, this))
  }

  entries(): MapIterator<[string, Entry]> {
    return this.entriesRead.entries()
  }

  keys(): MapIterator<string> {
    return this.entriesRead.keys()
  }

  values(): MapIterator<Entry> {
    return this.entriesRead.values()
  }

  [Symbol.iterator](): MapIterator<[string, Entry]> {
    return this.entries()
  }
}
