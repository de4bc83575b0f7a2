import { readdirSync, readFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { root } from "./howtoPages.ts"

const source = join(root, "src")

const roomOf = (file: string): string => file.includes(sep) ? file.slice(0, file.indexOf(sep)) : "layer"

/** Which rooms of the source import which, as the files say. */
export const imports = (): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>()
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue
    const room = found.get(roomOf(file)) ?? new Set()
    found.set(roomOf(file), room)
    for (
      const [, target = ""] of readFileSync(join(source, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)
    ) {
      const other = roomOf(relative(source, join(source, file, "..", target)))
      if (other !== roomOf(file)) room.add(other)
    }
  }
  return found
}

const reaches = (graph: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean =>
  [...graph.get(from) ?? []].some((next) => next === to || reaches(graph, next, to))

/** The drawing: an arrow for each import that does not follow from others, and the rooms that have none. */
export const drawing = (): string => {
  const graph = imports()
  const arrows = [...graph].flatMap(([room, others]) =>
    [...others]
      .filter((other) => ![...others].some((between) => between !== other && reaches(graph, between, other)))
      .map((other) => `${room} --> ${other}`)
  )
  const drawn = new Set(arrows.flatMap((arrow) => arrow.split(" --> ")))
  const alone = [...graph.keys()].filter((room) => !drawn.has(room))
  return ["graph BT", ...[...arrows, ...alone].toSorted().map((line) => `  ${line}`), ""].join("\n")
}
