import { DateTime, Option } from "effect"

/**
 * Reads a date as WordPress writes it.
 *
 * **Details**
 *
 * `date_gmt` comes without a time zone, which means UTC. Drafts and broken imports have `0000-00-00T00:00:00` or
 * `-0001-11-30T00:00:00`: no date at all. Dates before 1970 are dates like any other.
 *
 * @category conversions
 * @since 0.1.0
 */
export const dateFromWordPress = (text: string | null | undefined): DateTime.Utc | undefined => {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text?.trim() ?? "")
  if (match === null || match[1]!.startsWith("0000")) return undefined
  return Option.getOrUndefined(DateTime.make(`${match[1]}T${match[2]}${match[3] ?? "Z"}`))
}
