import type * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** What is asked of a `ConfigProvider`. */
export type Provider = Pick<ConfigProvider.ConfigProvider, "load">

/**
 * `ConfigProvider.ConfigProvider` by its key: its module brings Effect's streams and file systems, a quarter of the start of a
 * small program. Whoever provides one has loaded it. A test holds the key to Effect's.
 */
const GivenProvider = Context.Reference<Provider | undefined>("effect/ConfigProvider", {
  defaultValue: () => undefined
})

/** The variables of the process, one key each, read when they are asked for. */
const environment: Provider = {
  load: (path) =>
    Effect.sync((): ConfigProvider.Node | undefined => {
      if (path.length === 0) return { _tag: "Record", keys: new Set(Object.keys(process.env)), value: undefined }
      const value = path.length === 1 ? process.env[path[0]!] : undefined
      return value === undefined ? undefined : { _tag: "Value", value }
    })
}

/** The provider the program was given, else the environment of the process. */
export const currentProvider: Effect.Effect<Provider> = Effect.map(GivenProvider, (given) => given ?? environment)
