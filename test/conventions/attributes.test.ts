import { assert, describe, it } from "@effect/vitest"
import { attributesByName } from "effect-tracing/conventions"
import { readdirSync, readFileSync } from "node:fs"

/** The rooms that write attributes of spans, events and links. */
const rooms = ["tracer", "http", "sql", "work", "scraper", "trace", "sampling"]

/** Names with dots that are no attributes written: spans, events, channels, resources, and what is only taken away. */
const others = new Set([
  "sql.transaction",
  "sql.savepoint",
  "http.response.body",
  "http.client.request.created",
  "http.client.response.finish",
  "scraper.wait",
  "scraper.retry",
  "scraper.robots",
  "scraper.robots.forbidden",
  "nodejs.util.inspect.custom",
  "effect.sql.method",
  "db.client.connection.wait_time_ms"
])

const source = new URL("../../src/", import.meta.url)

const code = (path: string): string =>
  readFileSync(new URL(path, source), "utf8")
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, "")
    .replaceAll(/^\s*\/\/.*$/gm, "")

const filesOf = (room: string): ReadonlyArray<string> => {
  try {
    return readdirSync(new URL(`${room}/`, source))
      .filter((name) => name.endsWith(".ts") && name !== "processResource.ts")
      .map((name) => `${room}/${name}`)
  } catch {
    return []
  }
}

const written = rooms.flatMap(filesOf).flatMap((path) =>
  [...code(path).matchAll(/"((?:[a-z_]+\.)+[a-z_]+)"/g)].map(([, name]) => [path, name!] as const)
)

describe("attributes", () => {
  it("have every name that is written in the source", () => {
    assert.isAbove(written.length, 50)
    assert.deepStrictEqual(written.filter(([, name]) => !attributesByName.has(name) && !others.has(name)), [])
  })
})
