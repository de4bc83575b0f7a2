import type { FieldPath } from "./Field.ts"
import { fields, showValue } from "./fields.ts"

/**
 * One setting as its documentation tells it.
 *
 * @category models
 * @since 0.1.0
 */
export interface SettingDocumentation {
  readonly field: FieldPath
  readonly description: string
  /** Unit of a number, where it has one. */
  readonly unit: string | undefined
  /** What may be given, such as "a number from 0 to 1". */
  readonly allowed: string
  readonly fallback: string
  /** In order of precedence. */
  readonly variables: ReadonlyArray<{
    readonly name: string
    readonly aliases: ReadonlyArray<string>
    readonly allowed: string
  }>
  readonly secret: boolean
  /** Whether nothing acts on it in this version. */
  readonly pending: boolean
}

/**
 * Documents every setting, for reference pages and the command line.
 *
 * @category settings
 * @since 0.1.0
 */
export const settingsDocumentation = (): ReadonlyArray<SettingDocumentation> =>
  fields.map(([field, setting]) => ({
    field,
    description: setting.description,
    unit: setting.unit,
    allowed: setting.kind.allowed,
    fallback: setting.fallbackText ?? (showValue(setting, setting.fallback()) || "none"),
    variables: setting.sources.variables.map(({ aliases, name, parser }) => ({
      name,
      aliases,
      allowed: parser.allowed
    })),
    secret: setting.hide !== undefined,
    pending: setting.pending === true
  }))

/**
 * Writes what stands above a setting's field in the sources: what it is for; its unit, range and default; its variables.
 *
 * @category formatting
 * @since 0.1.0
 */
export const settingComment = (setting: SettingDocumentation): ReadonlyArray<string> => {
  const variables = setting.variables.map(({ aliases, name }) =>
    [`\`${name}\``, ...aliases.map((alias) => `(once \`${alias}\`)`)].join(" ")
  )
  return [
    setting.description,
    `${setting.unit === undefined ? "Takes" : `In ${setting.unit}:`} ${setting.allowed}; default ${setting.fallback}.`,
    `Set by ${variables.join(", else ")}.`,
    ...(setting.pending ? ["Nothing acts on it in this version."] : [])
  ]
}
