import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Scope } from "effect"
import type { ConsoleStream, SpanExporter } from "effect-tracing/export"
import { ConsoleExporter } from "effect-tracing/export"
import { Attributes } from "effect-tracing/model"
import type { EndedSpan, Resource } from "effect-tracing/model"
import { TestClock } from "effect/testing"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { PassThrough } from "node:stream"
import { fileURLToPath } from "node:url"
import { endedSpan } from "../../support/endedSpan.ts"

const resource: Resource = {
  attributes: Attributes.fromRecord({ "service.name": "blog-scraper" }),
  schemaUrl: undefined
}

class RecordingStream implements ConsoleStream {
  text = ""
  isTTY: boolean
  columns: number | undefined
  constructor(isTTY = false, columns?: number) {
    this.isTTY = isTTY
    this.columns = columns
  }
  readonly write = (text: string): boolean => {
    this.text += text
    return true
  }
  /** What was written since it was last asked. */
  take(): string {
    const { text } = this
    this.text = ""
    return text
  }
}

const count = (text: string, part: string): number => text.split(part).length - 1

const withEnvironment = (env: Record<string, string>) =>
  Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))

const spansOf = (size: number): ReadonlyArray<EndedSpan> => {
  const root = endedSpan({ name: "root", durationMillis: size })
  return [
    ...Array.from({ length: size - 1 }, (_, i) => endedSpan({ name: "child", parent: root, startMillis: i })),
    root
  ]
}

describe("ConsoleExporter.make, waterfall", () => {
  it.effect("prints a trace when its root has ended, not before", () =>
    Effect.gen(function*() {
      const stream = new RecordingStream()
      const exporter = yield* ConsoleExporter.make({ format: "waterfall", resource, stream })
      const [child, root] = spansOf(2)
      yield* exporter.export([child!])
      assert.strictEqual(stream.take(), "")
      yield* exporter.export([root!])
      const text = stream.take()
      assert.include(text, "● root · 2.0 ms · 2 spans · blog-scraper")
      assert.include(text, "└╴child")
    }))

  it.effect("prints a span that comes late, once, when its trace is quiet", () =>
    Effect.gen(function*() {
      const stream = new RecordingStream()
      const exporter = yield* ConsoleExporter.make({ format: "waterfall", resource, stream })
      const root = endedSpan({ name: "root" })
      yield* exporter.export([root])
      stream.take()
      yield* exporter.export([endedSpan({ name: "late", parent: root })])
      assert.strictEqual(stream.take(), "")
      yield* TestClock.adjust("3 seconds")
      const text = stream.take()
      assert.include(text, "continued")
      assert.strictEqual(count(text, "  late "), 1)
      yield* exporter.shutdown
      assert.strictEqual(stream.take(), "")
    }))

  it.effect("prints what is left at shutdown as incomplete, and once though the scope closes after it", () => {
    const stream = new RecordingStream()
    return Effect.gen(function*() {
      const exporter = yield* ConsoleExporter.make({ format: "waterfall", resource, stream })
      yield* exporter.export([endedSpan({ name: "orphan", parentSpanId: "00000000000000aa" })])
      yield* exporter.shutdown
    }).pipe(
      Effect.scoped,
      Effect.andThen(Effect.sync(() => {
        assert.strictEqual(count(stream.text, "incomplete"), 1)
        assert.strictEqual(count(stream.text, "  orphan "), 1)
      }))
    )
  })

  it.effect("prints what is left when the scope closes without a shutdown", () =>
    Effect.gen(function*() {
      const stream = new RecordingStream()
      const scope = yield* Scope.make()
      const exporter = yield* ConsoleExporter.make({ format: "waterfall", resource, stream }).pipe(Scope.provide(scope))
      yield* exporter.export([endedSpan({ name: "orphan", parentSpanId: "00000000000000aa" })])
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(count(stream.text, "  orphan "), 1)
    }))

  it.effect("waits for the caller of a server in the same process, and shows both in one tree", () =>
    Effect.gen(function*() {
      const stream = new RecordingStream()
      const exporter = yield* ConsoleExporter.make({ format: "waterfall", resource, stream })
      const root = endedSpan({ name: "root", durationMillis: 9 })
      const client = endedSpan({ name: "client call", parent: root })
      const server = endedSpan({ name: "served", parent: client, parentIsRemote: true })
      yield* exporter.export([server])
      assert.strictEqual(stream.take(), "")
      yield* exporter.export([client])
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(stream.take(), "")
      yield* exporter.export([root])
      assert.include(stream.take(), "  └╴client call")
    }))

  it.effect("prints a trace that came from another process when it is quiet", () =>
    Effect.gen(function*() {
      const stream = new RecordingStream()
      const exporter = yield* ConsoleExporter.make({ format: "waterfall", resource, stream })
      yield* exporter.export([
        endedSpan({ name: "served", parentSpanId: "00000000000000aa", parentIsRemote: true })
      ])
      assert.strictEqual(stream.take(), "")
      yield* TestClock.adjust("3 seconds")
      const text = stream.take()
      assert.include(text, "● served")
      assert.include(text, "remote parent")
      assert.notInclude(text, "incomplete")
    }))

  it.effect("prints the oldest trace as it is when too many are held", () =>
    Effect.gen(function*() {
      const stream = new RecordingStream()
      const exporter = yield* ConsoleExporter.make({ format: "waterfall", resource, stream, maxTraces: 2 })
      for (const digit of ["1", "2", "3"]) {
        yield* exporter.export([
          endedSpan({ name: `child ${digit}`, traceId: digit.repeat(32), parentSpanId: "00000000000000aa" })
        ])
      }
      assert.include(stream.text, "child 1")
      assert.include(stream.text, "incomplete")
      assert.notInclude(stream.text, "child 2")
    }))

  const colored = (env: Record<string, string>, stream: ConsoleStream & { readonly text: string }, color?: boolean) =>
    Effect.gen(function*() {
      const exporter = yield* ConsoleExporter.make({ format: "waterfall", resource, stream, color })
      yield* exporter.export([endedSpan({ name: "root" })])
      return stream.text.includes("\u001b[")
    }).pipe(withEnvironment(env))

  it.effect("colours on a terminal only, and as NO_COLOR, FORCE_COLOR, TERM and the option say", () =>
    Effect.gen(function*() {
      const terminal = () => new RecordingStream(true)
      const pipe = () => new RecordingStream(false)
      assert.isTrue(yield* colored({}, terminal()))
      assert.isFalse(yield* colored({}, pipe()))
      assert.isFalse(yield* colored({ NO_COLOR: "1" }, terminal()))
      assert.isTrue(yield* colored({ NO_COLOR: "" }, terminal()))
      assert.isFalse(yield* colored({ TERM: "dumb" }, terminal()))
      assert.isTrue(yield* colored({ FORCE_COLOR: "1" }, pipe()))
      assert.isFalse(yield* colored({ FORCE_COLOR: "0" }, terminal()))
      assert.isFalse(yield* colored({ FORCE_COLOR: "1", NO_COLOR: "1" }, pipe()))
      assert.isTrue(yield* colored({ NO_COLOR: "1" }, pipe(), true))
      assert.isFalse(yield* colored({ FORCE_COLOR: "1" }, terminal(), false))
    }))

  it.effect("is as wide as the terminal is at that moment", () =>
    Effect.gen(function*() {
      const stream = new RecordingStream(true, 60)
      const exporter = yield* ConsoleExporter.make({ format: "waterfall", resource, stream, color: false })
      const widest = () => Math.max(...stream.take().split("\n").map((line) => line.length))
      yield* exporter.export(spansOf(2))
      assert.isAtMost(widest(), 60)
      stream.columns = 120
      yield* exporter.export(spansOf(2))
      assert.isAbove(widest(), 100)
    }))

  const failing: ReadonlyArray<readonly [string, () => ConsoleStream]> = [
    ["throws", () => ({
      write: () => {
        throw new Error("no space left")
      }
    })],
    ["is closed", () => {
      const stream = new PassThrough()
      stream.destroy(new Error("EPIPE"))
      return stream
    }]
  ]
  for (const [what, makeStream] of failing) {
    it.effect(`fails with an ExportError, and nothing else, when the stream ${what}`, () =>
      Effect.gen(function*() {
        const exporter: SpanExporter = yield* ConsoleExporter.make({
          format: "waterfall",
          resource,
          stream: makeStream()
        })
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        const error = yield* Effect.flip(exporter.export([endedSpan({ name: "root" })]))
        assert.strictEqual(error.reason, "closed")
        assert.isFalse(error.retryable)
        yield* exporter.export([endedSpan({ name: "held", parentSpanId: "00000000000000aa" })])
        yield* exporter.shutdown
      }))
  }

  it("lets a program go on whose reader has gone", async () => {
    const child = spawn(process.execPath, [
      "--conditions=effect-tracing-source",
      fileURLToPath(new URL("../../fixtures/console/broken-pipe.ts", import.meta.url))
    ], { stdio: ["ignore", "pipe", "pipe"] })
    child.stderr.destroy()
    let output = ""
    child.stdout.on("data", (chunk: Buffer) => output += chunk.toString())
    const [code] = await once(child, "close")
    assert.strictEqual(output, "went on\n")
    assert.strictEqual(code, 0)
  })
})

describe("ConsoleExporter.make, json", () => {
  it.effect("prints each span as it comes, one line each, never coloured", () =>
    Effect.gen(function*() {
      const stream = new RecordingStream(true)
      const exporter = yield* ConsoleExporter.make({ format: "json", resource, stream })
      yield* exporter.export([
        endedSpan({ name: "line\nbreak", parentSpanId: "00000000000000aa" }),
        endedSpan({ name: "b" })
      ])
      const lines = stream.text.trimEnd().split("\n").map((line) => JSON.parse(line))
      assert.deepStrictEqual(lines.map((line) => [line.name, line["service.name"]]), [
        ["line\nbreak", "blog-scraper"],
        ["b", "blog-scraper"]
      ])
      assert.notInclude(stream.text, "\u001b")
    }))
})
