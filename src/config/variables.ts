import type * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"

/**
 * Reads the variables of the given names; those that are unset or empty are left out.
 *
 * @category constructors
 * @since 0.1.0
 */
export const readVariables = Effect.fnUntraced(function*(
  provider: ConfigProvider.ConfigProvider,
  names: Iterable<string>
): Effect.fn.Return<ReadonlyMap<string, string>, ConfigProvider.SourceError> {
  const texts = new Map<string, string>()
  for (const name of names) {
    const text = (yield* provider.load([name]))?.value?.trim()
    if (text !== undefined && text !== "") {
      texts.set(name, text)
    }
  }
  return texts
})
