import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import process from "node:process"
import type { Check } from "./Check.ts"
import { failed, ok, warning } from "./Check.ts"

const oldestNode: readonly [number, number] = [22, 19]

/** Whether Node is recent enough. */
export const nodeCheck = (version: string = process.versions.node): Check => {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  const [oldestMajor, oldestMinor] = oldestNode
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
    ? ok("node", `Node ${version}`)
    : failed("node", `Node ${version} is too old`, `Install Node ${oldestMajor}.${oldestMinor} or later`)
}

const Manifest = Schema.fromJsonString(Schema.Struct({
  version: Schema.optional(Schema.String),
  dependencies: Schema.optional(Schema.Record(Schema.String, Schema.String))
}))

type Reading<A> = Effect.Effect<A, never, FileSystem.FileSystem | Path.Path>

const readManifest = (file: string): Reading<typeof Manifest.Type | undefined> =>
  Effect.gen(function*() {
    const text = yield* (yield* FileSystem.FileSystem).readFileString(file)
    return yield* Schema.decodeEffect(Manifest)(text)
  }).pipe(Effect.orElseSucceed(() => undefined))

const list = (directory: string): Reading<ReadonlyArray<string>> =>
  Effect.flatMap(FileSystem.FileSystem, (fileSystem) => fileSystem.readDirectory(directory)).pipe(
    Effect.orElseSucceed(() => [])
  )

/** The folders of packages in a `node_modules`, scoped ones included. */
const packagesIn = Effect.fnUntraced(function*(modules: string) {
  const path = yield* Path.Path
  const names = (yield* list(modules)).filter((name) => !name.startsWith("."))
  const scoped = yield* Effect.forEach(
    names.filter((name) => name.startsWith("@")),
    (scope) => Effect.map(list(path.join(modules, scope)), (inside) => inside.map((name) => `${scope}/${name}`))
  )
  return [...names.filter((name) => !name.startsWith("@")), ...scoped.flat()].map((name) => path.join(modules, name))
})

const deepest = 4

/** All installed copies of a package below a folder, with their versions. */
const copiesOf = (
  name: string,
  directory: string,
  depth = 0
): Reading<ReadonlyArray<{ readonly version: string; readonly directory: string }>> =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    const modules = path.join(directory, "node_modules")
    const own = path.join(modules, name)
    const manifest = yield* readManifest(path.join(own, "package.json"))
    const here = manifest?.version === undefined ? [] : [{ version: manifest.version, directory: own }]
    if (depth >= deepest) return here
    const below = yield* Effect.forEach(yield* packagesIn(modules), (inside) => copiesOf(name, inside, depth + 1))
    return [...here, ...below.flat()]
  })

const singleCopy = Effect.fnUntraced(function*(name: string, why: string, directory: string) {
  const copies = yield* copiesOf(name, directory)
  const versions = [...new Set(copies.map(({ version }) => version))]
  if (copies.length === 0) return ok("packages", `${name} is not installed here`)
  return versions.length === 1
    ? ok("packages", `${name} ${versions[0]}`)
    : warning(
      "packages",
      `${name} is installed in ${versions.length} versions (${versions.join(", ")}): ${why}`,
      `Run npm ls ${name}, and bring those who ask for it to one version`
    )
})

/** Packages that set up OpenTelemetry by themselves. */
const sdks = [
  "@opentelemetry/sdk-node",
  "@opentelemetry/auto-instrumentations-node",
  "@sentry/node",
  "dd-trace",
  "elastic-apm-node",
  "newrelic"
]

const sdkCheck = Effect.fnUntraced(function*(directory: string) {
  const path = yield* Path.Path
  const manifest = yield* readManifest(path.join(directory, "package.json"))
  const installed = sdks.filter((name) => manifest?.dependencies?.[name] !== undefined)
  const options = yield* Config.String("NODE_OPTIONS").pipe(Effect.option, Effect.map(Option.getOrElse(() => "")))
  const loaded = sdks.filter((name) => options.includes(name))
  const found = [...new Set([...installed, ...loaded])]
  return found.length === 0 ? ok("packages", "no other tracing SDK") : warning(
    "packages",
    `another tracing SDK is ${loaded.length > 0 ? "loaded by NODE_OPTIONS" : "a dependency"}: ${found.join(", ")}; ` +
      "the first to register wins, and the spans of libraries go to it",
    "Start tracing with one of the two only"
  )
})

/**
 * Looks at what is installed where the program is: Node, copies of packages of which there must be one, other SDKs.
 */
export const machineChecks = (directory: string): Reading<ReadonlyArray<Check>> =>
  Effect.all([
    Effect.succeed(nodeCheck()),
    singleCopy("@opentelemetry/api", "spans of a library that uses the other one are not seen", directory),
    singleCopy("effect", "services and spans of one are strangers to the other", directory),
    sdkCheck(directory)
  ])
