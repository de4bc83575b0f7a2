import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import type { TracingSettings } from "../../config/index.ts"
import { parseSegmentName } from "../../export/index.ts"
import type { Check } from "./Check.ts"
import { failed, ok, warning } from "./Check.ts"

const variable = "TRACING_SPOOL_DIR"

/** The spool is about to refuse more from there on. */
const nearlyFull = 0.9

const isOwn = (name: string): boolean => parseSegmentName(name) !== undefined || /^[0-9a-f]{16}\.lock$/.test(name)

type Reading<A> = Effect.Effect<A, never, FileSystem.FileSystem | Path.Path>

/** Whether a folder can be made there: whether the nearest one that exists can be written to. */
const canBeMade = (directory: string): Reading<boolean> =>
  Effect.gen(function*() {
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const parent = path.dirname(directory)
    const isThere = yield* Effect.orElseSucceed(fileSystem.exists(parent), () => false)
    if (!isThere) return parent === directory ? false : yield* canBeMade(parent)
    return yield* fileSystem.access(parent, { writable: true }).pipe(
      Effect.andThen(fileSystem.stat(parent)),
      Effect.map(({ type }) => type === "Directory"),
      Effect.orElseSucceed(() => false)
    )
  })

/** Looks into the folder of the spool, and changes nothing there: it is that of programs which may run. */
export const spoolChecks = (
  { directory, maxBytes }: TracingSettings["spool"]
): Reading<ReadonlyArray<Check>> =>
  Effect.gen(function*() {
    if (directory === undefined) return []
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const isThere = yield* Effect.orElseSucceed(fileSystem.exists(directory), () => false)
    if (!isThere) {
      return (yield* canBeMade(path.resolve(directory)))
        ? [ok("spool", `${directory} is made when it is needed`)]
        : [
          failed(
            "spool",
            `${directory} is not there and cannot be made`,
            `Set ${variable} to a folder this user may write to`
          )
        ]
    }
    const names = yield* Effect.result(Effect.tap(
      fileSystem.readDirectory(directory),
      fileSystem.access(directory, { readable: true, writable: true })
    ))
    if (Result.isFailure(names)) {
      const why = names.failure.reason._tag === "PermissionDenied"
        ? "this user may not write there"
        : names.failure.message
      return [
        failed("spool", `${directory} cannot be used: ${why}`, `Set ${variable} to a folder this user may write to`)
      ]
    }
    const foreign = names.success.filter((name) => !isOwn(name))
    const sizes = yield* Effect.forEach(
      names.success.filter((name) => parseSegmentName(name) !== undefined),
      (name) =>
        fileSystem.stat(path.join(directory, name)).pipe(
          Effect.map(({ size }) => Number(size)),
          Effect.orElseSucceed(() => 0)
        )
    )
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    const checks: Array<Check> = []
    if (foreign.length > 0) {
      checks.push(warning(
        "spool",
        `${directory} holds what is not the spool's: ${foreign.slice(0, 3).join(", ")}${
          foreign.length > 3 ? ` and ${foreign.length - 3} more` : ""
        }; ` +
          "it is left alone",
        `Set ${variable} to a folder of its own`
      ))
    }
    if (bytes > maxBytes * nearlyFull) {
      checks.push(warning(
        "spool",
        `${bytes} bytes wait in ${directory}, of ${maxBytes} that may: spans are not delivered`,
        "Mend the export, or raise TRACING_SPOOL_MAX_BYTES"
      ))
    }
    return checks.length > 0 ? checks : [ok("spool", `${bytes} bytes wait in ${directory}, of ${maxBytes} that may`)]
  })
