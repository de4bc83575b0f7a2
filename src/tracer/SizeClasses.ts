import type { HeldTrace } from "./HeldTraces.ts"

/** Bytes of a size's class: all sizes from one power of two to the next are in one. */
const classOf = (bytes: number): number => 31 - Math.clz32(bytes)

/**
 * Finds the largest of many traces, to within a factor of two, without looking at them all.
 *
 * **Details**
 *
 * A set for each power of two: a trace that grows changes sets only when it has doubled. Of those in one set, the one that came to
 * it first is taken.
 *
 * @category models
 * @since 0.1.0
 */
export class SizeClasses {
  private readonly classes: Array<Set<HeldTrace> | undefined> = []

  /** One of the largest; `undefined` where there is none that has a size. */
  get largest(): HeldTrace | undefined {
    for (let i = this.classes.length - 1; i >= 0; i--) {
      const first = this.classes[i]?.values().next()
      if (first?.done === false) return first.value
    }
    return undefined
  }

  /** Notes that a trace went from one size to another; it is in no class while its size is 0. */
  move(held: HeldTrace, from: number, to: number): void {
    const before = from === 0 ? -1 : classOf(from)
    const after = to === 0 ? -1 : classOf(to)
    if (before === after) return
    if (before >= 0) this.classes[before]?.delete(held)
    if (after < 0) return
    const own = this.classes[after]
    if (own === undefined) this.classes[after] = new Set([held])
    else own.add(held)
  }
}
