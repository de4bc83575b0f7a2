/**
 * Remembers at least the last `size` and at most twice as many entries that were used.
 *
 * **Details**
 *
 * Two maps instead of one list by age: a hit is one look-up and moves nothing. When the newer map is full it becomes
 * the older one, and what nobody asked for since is forgotten with the map before it.
 *
 * @category caches
 * @since 0.1.0
 */
export class GenerationCache<K, V> {
  private newer = new Map<K, V>()
  private older = new Map<K, V>()
  private readonly size: number

  constructor(size: number) {
    this.size = size
  }

  get(key: K): V | undefined {
    const value = this.newer.get(key)
    if (value !== undefined) return value
    const old = this.older.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: K, value: V): void {
    if (this.newer.size >= this.size) {
      this.older = this.newer
      this.newer = new Map()
    }
    this.newer.set(key, value)
  }
}
