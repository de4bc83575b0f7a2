import type * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { currentProvider, type Provider } from "./environment.ts"

type Path = ConfigProvider.Path

/** The text at a path: that of a value, or of a list its values with commas between. */
const textAt = Effect.fnUntraced(function*(
  provider: Provider,
  path: Path,
  node: ConfigProvider.Node | undefined
): Effect.fn.Return<string | undefined, ConfigProvider.SourceError> {
  if (node?._tag !== "Array" || node.value !== undefined) {
    return node?.value
  }
  const parts: Array<string> = []
  for (let index = 0; index < node.length; index++) {
    const part = yield* provider.load([...path, index])
    if (part?.value !== undefined) {
      parts.push(part.value)
    }
  }
  return parts.length === 0 ? undefined : parts.join(",")
})

const families = /^(?:TRACING|OTEL)(?:_|$)/i

/** Walks the part of a provider that can be listed and that holds names of the two families. */
const list = Effect.fnUntraced(function*(
  provider: Provider,
  path: Path,
  found: Map<string, string>
): Effect.fn.Return<void, ConfigProvider.SourceError> {
  const node = yield* provider.load(path)
  const text = path.length === 0 ? undefined : yield* textAt(provider, path, node)
  if (text !== undefined) {
    found.set(path.join("_"), text)
  }
  if (node?._tag === "Record") {
    for (const key of node.keys) {
      if (path.length > 0 || families.test(key)) {
        yield* list(provider, [...path, key], found)
      }
    }
  }
})

/**
 * The variables a provider has.
 *
 * @category models
 * @since 0.1.0
 */
export interface Variables {
  /** The texts of the names asked for, without those that are unset or empty. */
  readonly texts: ReadonlyMap<string, string>
  /** All names of the two families that the provider could list. */
  readonly listed: ReadonlySet<string>
}

/**
 * Reads the variables of the given names, and lists those of the two families where the provider can be listed.
 *
 * **Details**
 *
 * A name is asked for as one key, as environments have it; what only nests it (`{ TRACING: { ENABLED: "true" } }`) is found by
 * the list. A provider that cannot be listed is no failure.
 *
 * @category constructors
 * @since 0.1.0
 */
export const readVariables = Effect.fnUntraced(function*(
  provider: Provider,
  names: Iterable<string>
): Effect.fn.Return<Variables, ConfigProvider.SourceError> {
  const listed = new Map<string, string>()
  yield* Effect.ignore(list(provider, [], listed))
  const texts = new Map<string, string>()
  for (const name of names) {
    const text = ((yield* textAt(provider, [name], yield* provider.load([name]))) ?? listed.get(name))?.trim()
    if (text !== undefined && text !== "") {
      texts.set(name, text)
    }
  }
  return { texts, listed: new Set(listed.keys()) }
})

/**
 * Reads one variable; `undefined` where it is not set, empty, or cannot be read.
 *
 * @category constructors
 * @since 0.1.0
 */
export const readVariable = (name: string): Effect.Effect<string | undefined> =>
  Effect.flatMap(
    currentProvider,
    (provider) => Effect.flatMap(provider.load([name]), (node) => textAt(provider, [name], node))
  ).pipe(
    Effect.map((text) => text === "" ? undefined : text),
    Effect.orElseSucceed(() => undefined)
  )
