import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join, relative, sep } from "node:path"

// From top to bottom: a room imports rooms above it, never below or around. The files directly under src are one room.
const rooms = [
  "model",
  "ledger",
  "config",
  "conventions",
  "privacy",
  "propagation",
  "sampling",
  "export",
  "tracer",
  "http",
  "sql",
  "work",
  "scraper",
  "trace",
  "the layer",
  "observability",
  "testing",
  "viewer",
  "cli"
] as const

const source = join(import.meta.dirname, "..", "src")

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))

const roomOf = (file: string): string => file.includes(sep) ? file.slice(0, file.indexOf(sep)) : "the layer"

const importsOf = (file: string): ReadonlyArray<string> =>
  Array.from(
    readFileSync(join(source, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g),
    (match) => relative(source, join(source, file, "..", match[1]!))
  )

describe("the house", () => {
  it("has only rooms that are on the list", () => {
    const unknown = [...new Set(files.map(roomOf))].filter((room) => !rooms.some((known) => known === room))
    assert.deepStrictEqual(unknown, [])
  })

  it("imports only towards the rooms above", () => {
    const level = (room: string) => rooms.findIndex((known) => known === room)
    const wrong = files.flatMap((file) =>
      importsOf(file)
        // The test kit and the index are the layer's users, not its parts.
        .filter((target) => level(roomOf(target)) > level(roomOf(file)))
        .map((target) => `${file} imports ${target}`)
    )
    assert.deepStrictEqual(wrong, [])
  })

  // The exporters stand behind the index of their room; who starts every program enters beside them.
  const doors = (room: string) => [join(room, "index.ts"), join("export", "processor.ts")]

  it("enters another room by its index only", () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => roomOf(target) !== roomOf(file) && roomOf(target) !== "the layer")
        .filter((target) => !doors(roomOf(target)).includes(target))
        .map((target) => `${file} imports ${target}`)
    )
    assert.deepStrictEqual(wrong, [])
  })

  it("keeps each file under 400 lines", () => {
    const long = files.filter((file) => readFileSync(join(source, file), "utf8").split("\n").length > 400)
    assert.deepStrictEqual(long, [])
  })
})
