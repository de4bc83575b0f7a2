import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { hideUrlSecrets } from "./endpoint.ts"
import type { ResolvedSetting, ResolvedSettings } from "./ResolvedSettings.ts"
import type { Read, Setting, Variable } from "./Setting.ts"
import { type Problem, settingsError } from "./SettingsError.ts"
import { settingsTable } from "./settingsTable.ts"
import type { FieldPath, SettingsOverrides, TracingSettings } from "./TracingSettings.ts"
import { readVariables } from "./variables.ts"

const entries = Object.entries(settingsTable) as ReadonlyArray<[FieldPath, Setting<unknown>]>

const variableNames: ReadonlySet<string> = new Set(
  entries.flatMap(([, { sources }]) => sources.variables.flatMap(({ name, aliases }) => [name, ...aliases]))
)

const secretNames: ReadonlySet<string> = new Set(
  entries.flatMap(([, setting]) => setting.secret === true ? setting.sources.variables.map(({ name }) => name) : [])
)

/** A value as it may be shown: secrets hidden, on one line, not too long. */
const quote = (name: string, value: unknown): string => {
  if (secretNames.has(name)) {
    return "[hidden]"
  }
  const text = typeof value === "string" ? JSON.stringify(hideUrlSecrets(value)) : String(value)
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}

const makeRead = (
  texts: ReadonlyMap<string, string>,
  problems: Map<string, Problem>,
  warnings: Set<string>
): Read =>
<A>(variable: Variable<A>) => {
  const name = [variable.name, ...variable.aliases].find((name) => texts.has(name))
  const text = name === undefined ? undefined : texts.get(name)
  if (name === undefined || text === undefined) {
    return undefined
  }
  const shown = `${name}=${quote(variable.name, text)}`
  const parsed = variable.parser.parse(text, (remark) => warnings.add(`${shown}: ${remark}`))
  if (Result.isSuccess(parsed)) {
    return parsed.success === undefined ? undefined : { value: parsed.success, variable: name }
  }
  const line = `${shown}: expected ${parsed.failure}`
  if (variable.family === "TRACING") {
    problems.set(name, { name, line })
  } else {
    warnings.add(`${line}; it is ignored`)
  }
  return undefined
}

const at = (root: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>(
    (node, key) => typeof node === "object" && node !== null ? (node as Record<string, unknown>)[key] : undefined,
    root
  )

const put = (root: Record<string, unknown>, path: string, value: unknown): void => {
  const keys = path.split(".")
  const last = keys.pop() ?? path
  const group = keys.reduce((node, key) => (node[key] ??= {}) as Record<string, unknown>, root)
  group[last] = value
}

const show = (setting: Setting<unknown>, value: unknown): string =>
  value === undefined ? "" : setting.show?.(value) ?? (Array.isArray(value) ? value.join(",") : String(value))

/**
 * Resolves all settings from the overrides, then the variables of the current `ConfigProvider`, then the defaults.
 *
 * **Details**
 *
 * Fails with one `ConfigError` that names every bad `TRACING_*` variable and every bad override; bad `OTEL_*` values are
 * among the warnings, and the next variable or the default is used.
 *
 * @category constructors
 * @since 0.1.0
 */
export const resolve = Effect.fnUntraced(function*(
  overrides?: SettingsOverrides
): Effect.fn.Return<ResolvedSettings, Config.ConfigError> {
  const provider = yield* ConfigProvider.ConfigProvider
  const texts = yield* Effect.mapError(readVariables(provider, variableNames), (error) => new Config.ConfigError(error))
  const problems = new Map<string, Problem>()
  const warnings = new Set<string>()
  const read = makeRead(texts, problems, warnings)
  const settings: Record<string, unknown> = {}
  const resolved: Array<ResolvedSetting> = []
  for (const [name, setting] of entries) {
    const override = at(overrides, name)
    const found = setting.sources.find(read)
    let source: ResolvedSetting["source"] = "default"
    let value: unknown
    if (override !== undefined) {
      if (!setting.kind.is(override)) {
        problems.set(name, { name, line: `${name}=${quote(name, override)}: expected ${setting.kind.allowed}` })
        continue
      }
      source = "override"
      value = override
    } else if (found !== undefined) {
      source = "variable"
      value = found.value
    } else {
      value = setting.fallback()
    }
    put(settings, name, value)
    resolved.push({
      name,
      variable: source === "variable" && found !== undefined
        ? found.variable
        : setting.sources.variables[0]?.name ?? "",
      value: show(setting, value),
      source
    })
  }
  if (problems.size > 0) {
    return yield* Effect.fail(settingsError([...problems.values()]))
  }
  return { settings: settings as unknown as TracingSettings, warnings: [...warnings], resolved }
})
