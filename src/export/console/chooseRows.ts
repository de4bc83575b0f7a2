import { Fold } from "./Fold.ts"
import type { SpanNode, SpanTree } from "./SpanTree.ts"

/**
 * A line of the tree: a span, or spans folded into one line.
 *
 * @category models
 * @since 0.1.0
 */
export type Row = SpanRow | FoldRow

/**
 * The line of one span.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpanRow {
  readonly _tag: "Span"
  readonly node: SpanNode
  readonly level: number
  readonly children: Array<Row>
  /** Whether the spans between this one and the line above it are not shown. */
  detached: boolean
  /** Spans below this one that no line stands for. */
  hidden: number
}

/**
 * The line of spans that are folded into it.
 *
 * @category models
 * @since 0.1.0
 */
export interface FoldRow {
  readonly _tag: "Fold"
  readonly fold: Fold
  /** Whether the lines before it show spans of the same name. */
  readonly moreLikeThis: boolean
}

/** How siblings are folded: from how many of a name on, and how many of them, the slowest, are shown. */
interface Folding {
  readonly from: number
  readonly shown: number
}

const generous: Folding = { from: 8, shown: 3 }
const tight: Folding = { from: 3, shown: 1 }

/** A span, or the spans of one name with the line they fold into, placed where the first of them starts. */
interface Cluster {
  readonly start: number
  readonly nodes: Array<SpanNode>
  readonly fold: Fold | undefined
}

const bySlowness = (a: SpanNode, b: SpanNode): number => b.duration - a.duration
const byStart = (a: SpanNode, b: SpanNode): number => a.start - b.start

const clusterOfName = (
  name: string,
  nodes: ReadonlyArray<SpanNode>,
  folded: ReadonlyArray<Fold>,
  folding: Folding
): Array<Cluster> => {
  const sound = nodes.filter((node) => node.errors === 0)
  if (sound.length < folding.from && folded.length === 0) {
    return nodes.map((node) => ({ start: node.start, nodes: [node], fold: undefined }))
  }
  const shown = new Set(sound.toSorted(bySlowness).slice(0, folding.shown))
  const fold = new Fold(name)
  for (const earlier of folded) fold.addAll(earlier)
  for (const node of sound) if (!shown.has(node)) fold.add(node.start, node.duration, node.size - 1)
  const start = nodes.reduce((first, node) => Math.min(first, node.start), fold.startMillis)
  return [{ start, nodes: nodes.filter((node) => node.errors > 0 || shown.has(node)), fold }]
}

const clustersOf = (nodes: ReadonlyArray<SpanNode>, folds: ReadonlyArray<Fold>, folding: Folding): Array<Cluster> => {
  const byName = new Map<string, { readonly nodes: Array<SpanNode>; readonly folds: Array<Fold> }>()
  const named = (name: string) => {
    let group = byName.get(name)
    if (group === undefined) byName.set(name, group = { nodes: [], folds: [] })
    return group
  }
  const clusters: Array<Cluster> = []
  for (const node of nodes) named(node.span.name).nodes.push(node)
  for (const fold of folds) {
    if (fold.name === undefined) clusters.push({ start: fold.startMillis, nodes: [], fold })
    else named(fold.name).folds.push(fold)
  }
  for (const [name, { folds, nodes }] of byName) {
    for (const cluster of clusterOfName(name, nodes, folds, folding)) clusters.push(cluster)
  }
  return clusters.sort((a, b) => a.start - b.start)
}

const isError = (node: SpanNode): boolean => node.span.statusCode === "error"

/** Errors are free: they are shown whatever room there is. */
const costOf = (clusters: ReadonlyArray<Cluster>): number =>
  clusters.reduce(
    (cost, { fold, nodes }) => cost + (fold === undefined ? 0 : 1) + nodes.filter((node) => !isError(node)).length,
    0
  )

/** Shows the errors, then what leads to errors, then the slowest; the rest becomes one line. */
const shortened = (nodes: ReadonlyArray<SpanNode>, folds: ReadonlyArray<Fold>, room: number): Array<Cluster> => {
  const byWorth = nodes.filter((node) => !isError(node)).sort((a, b) =>
    Number(b.errors > 0) - Number(a.errors > 0) || bySlowness(a, b)
  )
  const others = new Fold(undefined)
  for (const fold of folds) others.addAll(fold)
  for (const node of byWorth.slice(room - 1)) others.add(node.start, node.duration, node.size - 1)
  return [
    { start: -Infinity, nodes: [...nodes.filter(isError), ...byWorth.slice(0, room - 1)].sort(byStart), fold: others }
  ]
}

/** A queue of lines whose children are not shown yet; what leads to errors comes first, then what took longest. */
class Unopened {
  private readonly heap: Array<SpanRow> = []

  push(row: SpanRow): void {
    const { heap } = this
    let at = heap.push(row) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!this.before(row, heap[above]!)) break
      heap[at] = heap[above]!
      at = above
    }
    heap[at] = row
  }

  pop(): SpanRow | undefined {
    const { heap } = this
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let below = at * 2 + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && this.before(heap[below + 1]!, heap[below]!)) below++
      if (!this.before(heap[below]!, last)) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = last
    return first
  }

  private before(a: SpanRow, b: SpanRow): boolean {
    const errorsA = a.node.errors > 0
    return errorsA === b.node.errors > 0 ? a.node.duration > b.node.duration : errorsA
  }
}

/**
 * The lines of a tree.
 *
 * @category models
 * @since 0.1.0
 */
export interface ChosenRows {
  readonly rows: ReadonlyArray<Row>
  /** How many more lines there may be. */
  readonly room: number
}

/**
 * Chooses which spans of a tree get a line of their own, and folds the others.
 *
 * **Details**
 *
 * Every error gets a line, beyond `maxRows` too. The others share `maxRows` lines: many siblings of one name become the
 * slowest of them and a line for the rest; below `maxLevel`, and where there is no room, spans are only counted.
 *
 * @category layout
 * @since 0.1.0
 */
export const chooseRows = (
  tree: SpanTree,
  limits: { readonly maxRows: number; readonly maxLevel: number }
): ChosenRows => {
  const shown = new Map<SpanNode, SpanRow>()
  const unopened = new Unopened()
  let room = limits.maxRows

  const show = (node: SpanNode, level: number, detached: boolean): SpanRow => {
    const row: SpanRow = { _tag: "Span", node, level, children: [], detached, hidden: node.size - 1 }
    shown.set(node, row)
    if (node.size > 1) unopened.push(row)
    if (!isError(node)) room--
    return row
  }

  /** Shows children as well as there is room for, and says how many spans are accounted for that way. */
  const showAll = (
    nodes: ReadonlyArray<SpanNode>,
    folds: ReadonlyArray<Fold>,
    level: number,
    into: Array<Row>
  ): number => {
    let clusters = clustersOf(nodes, folds, generous)
    if (costOf(clusters) > room) clusters = clustersOf(nodes, folds, tight)
    if (costOf(clusters) > room) {
      if (room < 2) return 0
      clusters = shortened(nodes, folds, room)
    }
    let accounted = 0
    for (const { fold, nodes } of clusters) {
      for (const node of nodes) {
        into.push(show(node, level, node.parentMissing && level > 0))
        accounted += node.size
      }
      if (fold !== undefined && fold.count > 0) {
        into.push({ _tag: "Fold", fold, moreLikeThis: nodes.length > 0 && fold.name !== undefined })
        accounted += fold.size
        room--
      }
    }
    return accounted
  }

  const top: Array<Row> = []
  const [root] = tree.tops
  if (tree.tops.length === 1 && root !== undefined) {
    top.push(show(root, 0, false))
  } else {
    showAll(tree.tops, [], 0, top)
  }
  if (tree.looseFolds.length > 0) showAll([], tree.looseFolds, 0, top)
  for (let row = unopened.pop(); row !== undefined; row = unopened.pop()) {
    if (row.level >= limits.maxLevel) continue
    row.hidden -= showAll(row.node.children, row.node.folds, row.level + 1, row.children)
  }
  showRemainingErrors(tree, shown, top, limits.maxLevel)
  return { rows: top, room }
}

/** Hangs the errors that have no line yet under the nearest line above them. */
const showRemainingErrors = (
  tree: SpanTree,
  rows: Map<SpanNode, SpanRow>,
  top: Array<Row>,
  maxLevel: number
): void => {
  if (tree.errors === 0) return
  const above = new Map<SpanNode, SpanRow | undefined>()
  for (const node of tree.nodes) {
    if (node.errors === 0) continue
    const shown = rows.get(node)
    const parentRow = node.parent === undefined ? undefined : above.get(node.parent)
    if (shown !== undefined || !isError(node)) {
      above.set(node, shown ?? parentRow)
      continue
    }
    const row: SpanRow = {
      _tag: "Span",
      node,
      level: parentRow === undefined ? 0 : parentRow.level + 1,
      children: [],
      detached: node.parent === undefined || rows.get(node.parent) !== parentRow || node.parentMissing,
      hidden: node.size - 1
    }
    if (parentRow === undefined) top.push(row)
    else {
      parentRow.children.push(row)
      parentRow.hidden = Math.max(0, parentRow.hidden - 1)
    }
    // Beyond the last level errors stand side by side: a deep chain of errors must not run out of the picture.
    above.set(node, row.level < maxLevel ? row : parentRow)
  }
}
