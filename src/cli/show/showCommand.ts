import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import { Waterfall } from "../../export/index.ts"
import type { EndedSpan } from "../../model/index.ts"
import { Failed, tell } from "../Failed.ts"
import { readLine } from "./OtlpLines.ts"

const bytesOf = (file: string) =>
  Stream.unwrap(Effect.gen(function*() {
    if (file === "-") return (yield* Stdio.Stdio).stdin
    return (yield* FileSystem.FileSystem).stream(file)
  })).pipe(Stream.mapError(tell))

/** Says in words what reading would say as the file system does: a folder by a number, for one. */
const checkFile = Effect.fnUntraced(function*(file: string) {
  if (file === "-") return
  const { type } = yield* Effect.mapError(
    (yield* FileSystem.FileSystem).stat(file),
    (error) => tell(error.reason._tag === "NotFound" ? new Error(`there is no file ${file}`) : error)
  )
  if (type === "Directory") return yield* tell(new Error(`${file} is a folder; name a file of it`))
})

/** Of so many lines that cannot be read each is told; of a file that is no such file at all that would be all of it. */
const toldLines = 10

/** All services whose spans a trace has, for its header. */
const serviceNames = (
  spans: ReadonlyArray<EndedSpan>,
  services: ReadonlyMap<EndedSpan, string>
): string | undefined => {
  const names = new Set(spans.flatMap((span) => services.get(span) ?? []))
  return names.size === 0 ? undefined : [...names].join(", ")
}

/** `effect-tracing show FILE|-`: traces of a file as waterfalls. */
export const showCommand = Command.make("show", {
  file: Argument.String("file").pipe(Argument.withDescription("File of OTLP JSON lines; - reads standard input")),
  trace: Flag.String("trace").pipe(
    Flag.withDescription("Only traces whose id begins with this"),
    Flag.withDefault("")
  ),
  rows: Flag.Int("rows").pipe(
    Flag.withDescription("Lines of each trace; errors are always shown"),
    Flag.withDefault(40)
  )
}, ({ file, rows, trace }) =>
  Effect.gen(function*() {
    const traces = new Map<string, Array<EndedSpan>>()
    const services = new Map<EndedSpan, string>()
    let number = 0
    let broken = 0
    yield* checkFile(file)
    yield* Stream.runForEach(bytesOf(file).pipe(Stream.decodeText, Stream.splitLines), (line) => {
      number++
      if (line.trim() === "") return Effect.void
      const read = readLine(line)
      if (Result.isFailure(read)) {
        broken++
        if (broken > toldLines) return Effect.void
        return Console.error(broken === toldLines ? "…" : `line ${number}: ${read.failure}`)
      }
      for (const { service, spans } of read.success) {
        for (const span of spans) {
          if (!span.traceId.startsWith(trace.toLowerCase())) continue
          if (service !== undefined) services.set(span, service)
          const known = traces.get(span.traceId)
          if (known === undefined) traces.set(span.traceId, [span])
          else known.push(span)
        }
      }
      return Effect.void
    })
    const columns = yield* (yield* Terminal.Terminal).columns
    const width = columns > 0 ? Math.min(columns, 160) : 100
    for (const spans of traces.values()) {
      yield* Console.log(Waterfall.render(spans, { width, maxRows: rows, service: serviceNames(spans, services) }))
    }
    if (traces.size === 0 && broken === 0) yield* Console.log("No spans.")
    if (broken === 0) return
    yield* Console.error(`${broken} of ${number} lines could not be read`)
    return yield* new Failed({ message: "Some lines could not be read." })
  })).pipe(
    Command.withDescription("Draw the traces of a file of OTLP JSON lines, as the Collector's file exporter writes it"),
    Command.withExamples([
      { command: "effect-tracing show spans.jsonl", description: "All traces of a file" },
      {
        command: "tail -n 100 spans.jsonl | effect-tracing show - --trace 4bf92f",
        description: "One trace of what came last"
      }
    ])
  )
