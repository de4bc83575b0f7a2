import { format } from "effect/Formatter"
import type { FieldPath } from "./Field.ts"
import type { Setting } from "./Setting.ts"
import { settingsTable } from "./settingsTable.ts"

/**
 * The settings with the fields they fill, in the order they are shown in.
 *
 * @category settings
 * @since 0.1.0
 */
export const fields: ReadonlyArray<readonly [FieldPath, Setting<unknown>]> =
  (Object.keys(settingsTable) as Array<FieldPath>)
    .map((field) => [field, settingsTable[field]])

/**
 * Finds what stands at a path such as `sampling.ratio`, `undefined` where there is nothing.
 *
 * @category getters
 * @since 0.1.0
 */
export const valueAt = (root: unknown, path: string): unknown =>
  path.split(".").reduce(
    (node, key) =>
      typeof node === "object" && node !== null ? (node as Readonly<Record<string, unknown>>)[key] : undefined,
    root
  )

/**
 * Shows a value of a setting as plain text, secrets hidden; nothing for one that is not set.
 *
 * @category formatting
 * @since 0.1.0
 */
export const showValue = (setting: Setting<unknown>, value: unknown): string => {
  if (value === undefined) {
    return ""
  }
  if (setting.show !== undefined) {
    return setting.show(value)
  }
  const text = Array.isArray(value) ? value.join(",") : typeof value === "string" ? value : format(value)
  return setting.hide === undefined ? text : setting.hide(text)
}

const longest = 100

/**
 * Quotes a value for a message, secrets hidden: on one line, and not too long.
 *
 * @category formatting
 * @since 0.1.0
 */
export const quoteValue = (setting: Setting<unknown>, value: unknown): string => {
  const text = format(
    typeof value === "string" ? setting.hide?.(value) ?? value : setting.hide === undefined ? value : "[hidden]"
  )
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}
