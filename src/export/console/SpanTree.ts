import type { EndedSpan } from "../../model/index.ts"
import type { Fold } from "./Fold.ts"

/**
 * The spans of one trace that are at hand: one by one, and those already folded, by the span id of their parent.
 *
 * @category models
 * @since 0.1.0
 */
export interface TraceSpans {
  readonly spans: ReadonlyArray<EndedSpan>
  readonly folds: ReadonlyMap<string, ReadonlyArray<Fold>>
}

/**
 * A span in its tree.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanNode {
  readonly span: EndedSpan
  /** Milliseconds since the Unix epoch. */
  readonly start: number
  /** In milliseconds. */
  readonly duration: number
  /** By start. */
  readonly children: Array<SpanNode>
  /** Children that are not at hand one by one. */
  readonly folds: ReadonlyArray<Fold>
  parent: SpanNode | undefined
  /** The span has a parent, in this process or another, and that one is not at hand. */
  parentMissing: boolean
  /** Spans of the subtree, this one and folded ones included. */
  size: number
  /** Errors of the subtree, this one included. */
  errors: number
}

/**
 * The spans of one trace as a tree, and the time they took.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanTree {
  /** The root, or what stands in for it: several spans where none of them is a root and none is another's parent. */
  readonly tops: ReadonlyArray<SpanNode>
  /** Parents before children. */
  readonly nodes: ReadonlyArray<SpanNode>
  /** Folded spans whose parent is not at hand. */
  readonly looseFolds: ReadonlyArray<Fold>
  readonly size: number
  readonly errors: number
  /** The ends of the time axis, in milliseconds since the Unix epoch. */
  readonly start: number
  readonly end: number
}

const millisOf = (nanos: bigint): number => Number(nanos / 1000n) / 1000

const byStart = (a: SpanNode, b: SpanNode): number => a.start - b.start || b.duration - a.duration

const noFolds: ReadonlyArray<Fold> = []

const makeNodes = (trace: TraceSpans): Array<SpanNode> =>
  trace.spans.map((span) => ({
    span,
    start: millisOf(span.startTime),
    duration: span.durationMillis,
    children: [],
    folds: trace.folds.size === 0 ? noFolds : trace.folds.get(span.spanId) ?? noFolds,
    parent: undefined,
    parentMissing: false,
    size: 1,
    errors: span.statusCode === "error" ? 1 : 0
  }))

/** Links the nodes to their parents; gives those without one. */
const link = (nodes: ReadonlyArray<SpanNode>, byId: ReadonlyMap<string, SpanNode>): Array<SpanNode> => {
  const tops: Array<SpanNode> = []
  for (const node of nodes) {
    const parentId = node.span.parentSpanId
    const parent = parentId === undefined ? undefined : byId.get(parentId)
    node.parentMissing = parentId !== undefined && parent === undefined
    node.parent = parent
    if (parent === undefined) tops.push(node)
    else parent.children.push(node)
  }
  return tops
}

/** Starts are exact to a microsecond. */
const precision = 0.002

const rank = (node: SpanNode): number => node.span.hasParent ? (node.span.parentIsRemote ? 1 : 2) : 0

/** Hangs all other tops under the root, where there is one. */
const gather = (tops: Array<SpanNode>): Array<SpanNode> => {
  if (tops.length < 2) return tops
  tops.sort((a, b) => rank(a) - rank(b) || byStart(a, b))
  const root = tops[0]!
  if (!root.span.isLocalRoot) return tops
  for (const node of tops.slice(1)) {
    node.parent = root
    root.children.push(node)
  }
  return [root]
}

/** All nodes below the tops, parents before children, without recursion: a chain may be 100,000 deep. */
const flatten = (tops: ReadonlyArray<SpanNode>, seen: Set<SpanNode>): Array<SpanNode> => {
  const order: Array<SpanNode> = []
  const stack = tops.toReversed()
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    order.push(node)
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]!)
  }
  return order
}

/** Makes tops of spans that are each other's ancestors, which only a broken producer sends. */
const breakCycles = (nodes: ReadonlyArray<SpanNode>, tops: Array<SpanNode>): Array<SpanNode> => {
  const seen = new Set<SpanNode>()
  flatten(tops, seen)
  if (seen.size === nodes.length) return tops
  const broken = [...tops]
  for (const node of nodes) {
    if (seen.has(node)) continue
    const siblings = node.parent!.children
    siblings.splice(siblings.indexOf(node), 1)
    node.parent = undefined
    node.parentMissing = true
    broken.push(node)
    flatten([node], seen)
  }
  return broken
}

/**
 * The time axis: the root's time, and what ran on from it. A span that starts before the root, or after its parent has
 * ended, has another clock or another time; it does not stretch the axis.
 */
const axisOf = (tops: ReadonlyArray<SpanNode>, nodes: ReadonlyArray<SpanNode>): { start: number; end: number } => {
  let start = Infinity
  let end = -Infinity
  for (const top of tops) {
    start = Math.min(start, top.start)
    end = Math.max(end, top.start + top.duration)
  }
  const onAxis = new Set(tops)
  for (const node of nodes) {
    const { parent } = node
    if (parent === undefined || !onAxis.has(parent)) continue
    if (node.start < start || node.start > parent.start + parent.duration + precision) continue
    onAxis.add(node)
    end = Math.max(end, node.start + node.duration)
  }
  return { start, end }
}

const looseFoldsOf = (trace: TraceSpans, byId: ReadonlyMap<string, SpanNode>): Array<Fold> => {
  const loose: Array<Fold> = []
  for (const [parentId, folds] of trace.folds) if (!byId.has(parentId)) loose.push(...folds)
  return loose
}

/**
 * Builds the tree of one trace's spans.
 *
 * **Details**
 *
 * A span whose parent is not at hand hangs under the root, marked. Takes time in proportion to the spans (and to sort
 * siblings), whatever their shape.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makeSpanTree = (trace: TraceSpans): SpanTree => {
  const all = makeNodes(trace)
  const byId = new Map<string, SpanNode>()
  for (const node of all) if (!byId.has(node.span.spanId)) byId.set(node.span.spanId, node)
  const tops = gather(breakCycles(all, link(all, byId)))
  for (const node of all) if (node.children.length > 1) node.children.sort(byStart)
  const nodes = flatten(tops, new Set())
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!
    for (const fold of node.folds) node.size += fold.size
    if (node.parent === undefined) continue
    node.parent.size += node.size
    node.parent.errors += node.errors
  }
  const looseFolds = looseFoldsOf(trace, byId)
  const sum = (count: (node: SpanNode) => number): number => tops.reduce((total, node) => total + count(node), 0)
  return {
    tops,
    nodes,
    looseFolds,
    size: looseFolds.reduce((total, fold) => total + fold.size, sum((node) => node.size)),
    errors: sum((node) => node.errors),
    ...axisOf(tops, nodes)
  }
}
