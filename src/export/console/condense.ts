import type { EndedSpan } from "../../model/index.ts"
import { Fold } from "./Fold.ts"
import type { SpanNode, TraceSpans } from "./SpanTree.ts"
import { makeSpanTree } from "./SpanTree.ts"

/** Of the children of one name, this many are kept: the slowest. */
const keptOfName = 3
/** Of the children of one span, this many are kept, and as many names are told apart. */
const keptOfParent = 100
/** Levels kept below the highest span at hand: more than a waterfall shows. */
const keptLevels = 32

const groupBy = <Key>(nodes: ReadonlyArray<SpanNode>, keyOf: (node: SpanNode) => Key): Map<Key, Array<SpanNode>> => {
  const groups = new Map<Key, Array<SpanNode>>()
  for (const node of nodes) {
    const key = keyOf(node)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [node])
    else group.push(node)
  }
  return groups
}

const bySlowness = (a: SpanNode, b: SpanNode): number => b.duration - a.duration

/** Errors, what leads to errors, and roots stay. */
const isFoldable = (node: SpanNode): boolean => node.errors === 0 && !node.span.isLocalRoot

/** The children of one span that need not be kept one by one. */
const superfluous = (siblings: ReadonlyArray<SpanNode>, level: number): Array<SpanNode> => {
  const foldable = siblings.filter(isFoldable)
  if (level >= keptLevels) return foldable
  const fold: Array<SpanNode> = []
  const keep: Array<SpanNode> = []
  for (const group of groupBy(foldable, (node) => node.span.name).values()) {
    group.sort(bySlowness)
    keep.push(...group.slice(0, keptOfName))
    for (const node of group.slice(keptOfName)) fold.push(node)
  }
  if (keep.length > keptOfParent) { for (const node of keep.sort(bySlowness).slice(keptOfParent)) fold.push(node) }
  return fold
}

const foldInto = (folds: Map<string, Array<Fold>>, node: SpanNode): void => {
  const parentId = node.span.parentSpanId ?? ""
  const known = folds.get(parentId)
  const ofParent = known ?? []
  if (known === undefined) folds.set(parentId, ofParent)
  const name = ofParent.length < keptOfParent ? node.span.name : undefined
  let fold = ofParent.find((fold) => fold.name === node.span.name) ?? ofParent.find((fold) => fold.name === name)
  if (fold === undefined) {
    fold = new Fold(name)
    ofParent.push(fold)
  }
  fold.add(node.start, node.duration, node.size - 1)
}

/**
 * Condenses what is held of a trace to what a waterfall shows of it: its structure, every error with what led to it, and
 * the slowest spans of each kind. The rest is folded: counted, with its percentiles and when it ran.
 *
 * **Details**
 *
 * May be repeated as more spans of the trace arrive.
 *
 * @category conversions
 * @since 0.1.0
 */
export const condense = (trace: TraceSpans): TraceSpans => {
  const tree = makeSpanTree(trace)
  const levels = new Map<SpanNode, number>()
  const gone = new Set<SpanNode>()
  const spans: Array<EndedSpan> = []
  const folds = new Map<string, Array<Fold>>()
  for (const [parentId, ofParent] of trace.folds) folds.set(parentId, [...ofParent])

  const thin = (siblings: ReadonlyArray<SpanNode>, level: number): void => {
    for (const node of siblings) levels.set(node, level)
    for (const group of groupBy(siblings, (node) => node.span.parentSpanId).values()) {
      for (const node of superfluous(group, level)) {
        foldInto(folds, node)
        gone.add(node)
      }
    }
  }

  thin(tree.tops, 0)
  for (const node of tree.nodes) {
    if (gone.has(node)) {
      for (const child of node.children) gone.add(child)
      folds.delete(node.span.spanId)
    } else {
      spans.push(node.span)
      thin(node.children, (levels.get(node) ?? 0) + 1)
    }
  }
  return { spans, folds }
}
