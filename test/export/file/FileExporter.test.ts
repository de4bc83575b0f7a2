import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { ExportError } from "effect-tracing/export"
import { FileExporter } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { endedSpan } from "../../support/endedSpan.ts"
import { decodeJson, spansOf } from "../../support/otlpMessages.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const resource = { attributes: Attributes.fromRecord({ "service.name": "blog" }), schemaUrl: undefined }

/** The lines of all files of a folder, in the order of their names. */
const linesIn = (folder: string): ReadonlyArray<string> =>
  fs.readdirSync(folder).sort().flatMap((name) =>
    fs.readFileSync(path.join(folder, name), "utf8").split("\n").filter((line) => line !== "")
  )

const namesIn = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.flatMap((line) => spansOf(decodeJson(Buffer.from(line))).map((span) => span.name))

type Options = Partial<FileExporter.FileExporterOptions>

const write = (file: string, names: ReadonlyArray<string>, options: Options = {}): Effect.Effect<void, ExportError> => {
  const exporter = FileExporter.make({ resource, path: file, ...options })
  return Effect.forEach(names, (name) => exporter.export([endedSpan({ name })]), { discard: true })
}

const run = (file: string, batches: number, name: string): Effect.Effect<void> =>
  Effect.callback((resume) => {
    const fixture = fileURLToPath(new URL("../fixtures/writeLines.ts", import.meta.url))
    const child = spawn(process.execPath, ["--conditions=effect-tracing-source", fixture, file, `${batches}`, name], {
      stdio: "inherit"
    })
    child.on("close", (code) => resume(code === 0 ? Effect.void : Effect.die(`ended with ${code}`)))
    return Effect.sync(() => child.kill())
  })

describe("FileExporter.make", () => {
  it.live("writes each batch as a line of OTLP JSON, in folders it makes", () =>
    Effect.gen(function*() {
      const file = path.join(yield* temporaryFolder, "a", "b", "traces.jsonl")
      const exporter = FileExporter.make({ resource, path: file })
      yield* exporter.export([endedSpan({ name: "GET" }), endedSpan({ name: "INSERT posts" })])
      yield* exporter.export([endedSpan({ name: "scrape" })])
      const text = fs.readFileSync(file, "utf8")
      assert.isTrue(text.endsWith("}\n"))
      const lines = text.trimEnd().split("\n")
      assert.lengthOf(lines, 2)
      assert.deepStrictEqual(namesIn(lines), ["GET", "INSERT posts", "scrape"])
      assert.deepStrictEqual(decodeJson(Buffer.from(lines[1]!)).resourceSpans[0]!.resource.attributes, [
        { key: "service.name", value: { stringValue: "blog" } }
      ])
    }))

  it.live("appends to what is there", () =>
    Effect.gen(function*() {
      const file = path.join(yield* temporaryFolder, "traces.jsonl")
      yield* write(file, ["a"])
      yield* write(file, ["b"])
      assert.deepStrictEqual(namesIn(fs.readFileSync(file, "utf8").trimEnd().split("\n")), ["a", "b"])
    }))

  it.live("begins a line of its own after one that was cut short", () =>
    Effect.gen(function*() {
      const file = path.join(yield* temporaryFolder, "traces.jsonl")
      fs.writeFileSync(file, "{\"resourceSpans\":[{\"res")
      yield* write(file, ["a", "b"])
      const [torn, ...whole] = fs.readFileSync(file, "utf8").trimEnd().split("\n")
      assert.strictEqual(torn, "{\"resourceSpans\":[{\"res")
      assert.deepStrictEqual(namesIn(whole), ["a", "b"])
    }))

  it.live("sets the file aside before it grows beyond its bound, and loses no line", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const names = Array.from({ length: 20 }, (_, i) => `span ${i}`)
      yield* write(path.join(folder, "traces.jsonl"), names, { maxBytes: 1500, maxBackups: 100 })
      const files = fs.readdirSync(folder)
      assert.isAbove(files.length, 3)
      for (const file of files) assert.isAtMost(fs.statSync(path.join(folder, file)).size, 1500)
      for (const file of files) assert.match(file, /^traces(-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z)?\.jsonl$/)
      assert.deepStrictEqual(namesIn(linesIn(folder)), names)
    }))

  it.live("keeps only the newest of the files set aside, and touches no other", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      fs.writeFileSync(path.join(folder, "traces-of-mine.jsonl"), "\n")
      const names = Array.from({ length: 30 }, (_, i) => `span ${i}`)
      yield* write(path.join(folder, "traces.jsonl"), names, { maxBytes: 1, maxBackups: 2 })
      assert.lengthOf(fs.readdirSync(folder), 4)
      assert.deepStrictEqual(namesIn(linesIn(folder)), names.slice(-3))
    }))

  it.live("goes on in a new file where its file or folder was removed", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const file = path.join(folder, "deep", "traces.jsonl")
      const exporter = FileExporter.make({ resource, path: file })
      yield* exporter.export([endedSpan({ name: "a" })])
      fs.rmSync(path.dirname(file), { recursive: true })
      yield* exporter.export([endedSpan({ name: "b" })])
      assert.deepStrictEqual(namesIn(linesIn(path.dirname(file))), ["b"])
    }))

  it.live("shares a file that is set aside all the time with other processes", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      const file = path.join(folder, "traces.jsonl")
      yield* Effect.all([run(file, 60, "a"), run(file, 60, "b")], { concurrency: "unbounded" })
      const expected = ["a", "b"].flatMap((name) => Array.from({ length: 60 }, (_, i) => `${name} ${i}`))
      assert.sameMembers([...namesIn(linesIn(folder))], expected)
    }), 30_000)

  it.live("says why it cannot write, and that this heals", () =>
    Effect.gen(function*() {
      const folder = yield* temporaryFolder
      fs.writeFileSync(path.join(folder, "file"), "")
      for (
        const [file, reason, text] of [
          ["/dev/full", "ENOSPC", "the disk is full"],
          [folder, "EISDIR", "it is a folder"],
          [path.join(folder, "file", "traces.jsonl"), "EEXIST", "a part of the path is a file"]
        ] as const
      ) {
        const error = yield* Effect.flip(write(file, ["a"]))
        assert.strictEqual(error.reason, reason)
        assert.isTrue(error.retryable)
        assert.include(error.message, file)
        assert.include(error.message, text)
        assert.include(error.message, "TRACING_EXPORT_TO_FILE")
      }
    }))
})
