import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { currentProvider } from "./environment.ts"
import type { FieldPath, SettingsOverrides } from "./Field.ts"
import { fields, quoteValue, showValue, valueAt } from "./fields.ts"
import { failBySettings, type Problem, unreadable } from "./problems.ts"
import { reconcile } from "./reconcile.ts"
import type { ResolvedSetting, ResolvedSettings } from "./ResolvedSettings.ts"
import type { Found, Read, Setting, Variable } from "./Setting.ts"
import { settingsTable } from "./settingsTable.ts"
import type { TracingSettings } from "./TracingSettings.ts"
import { unknownNames } from "./unknownNames.ts"
import { readVariables } from "./variables.ts"

const variableNames: ReadonlySet<string> = new Set(
  fields.flatMap(([, { sources }]) => sources.variables.flatMap(({ name, aliases }) => [name, ...aliases]))
)

const fieldPaths: ReadonlySet<string> = new Set(fields.map(([field]) => field))

/** What is found out on the way: problems by name, so that a variable of two settings is told once, and warnings. */
interface Findings {
  readonly problems: Map<string, Problem>
  readonly warnings: Set<string>
}

/** Reads variables for one setting, by the rules of their families. */
const makeRead =
  (setting: Setting<unknown>, texts: ReadonlyMap<string, string>, { problems, warnings }: Findings): Read =>
  <A>(variable: Variable<A>): Found<A> | undefined => {
    const [name, ...others] = [variable.name, ...variable.aliases].filter((name) => texts.has(name))
    if (name === undefined) {
      return undefined
    }
    for (const other of others) {
      warnings.add(`${other} is ignored, since ${name} is set`)
    }
    const text = texts.get(name) ?? ""
    const shown = `${name}=${quoteValue(setting, text)}`
    const parsed = variable.parser.parse(text, (remark) => warnings.add(`${shown}: ${remark}`))
    if (Result.isSuccess(parsed)) {
      return parsed.success === undefined ? undefined : { value: parsed.success, source: "variable", from: name }
    }
    const line = `${shown}: expected ${parsed.failure}`
    if (variable.family === "TRACING") {
      problems.set(name, { name, line })
    } else {
      warnings.add(`${line}; it is ignored`)
    }
    return undefined
  }

/** Where the value of a setting comes from; `undefined` where the default is used. */
const choose = (
  [field, setting]: readonly [FieldPath, Setting<unknown>],
  overrides: SettingsOverrides,
  texts: ReadonlyMap<string, string>,
  findings: Findings
): Found<unknown> | undefined => {
  const found = setting.sources.find(makeRead(setting, texts, findings), overrides)
  const given = valueAt(overrides, field)
  if (given === undefined) {
    return found
  }
  const value = setting.kind.accept(given)
  if (value === undefined) {
    const line = `${field}=${quoteValue(setting, given)}: expected ${setting.kind.allowed}`
    findings.problems.set(field, { name: field, line })
  }
  return { value, source: "override", from: field }
}

/** Overrides that no setting has a field for: TypeScript finds them, JavaScript does not. */
const unknownOverrides = (group: object, prefix = ""): ReadonlyArray<Problem> =>
  Object.entries(group).flatMap(([key, value]): ReadonlyArray<Problem> => {
    const name = `${prefix}${key}`
    if (fieldPaths.has(name) || value === undefined) {
      return []
    }
    if (![...fieldPaths].some((field) => field.startsWith(`${name}.`))) {
      return [{ name, line: `${name}: is not a setting` }]
    }
    return typeof value === "object" && value !== null
      ? unknownOverrides(value, `${name}.`)
      : [{ name, line: `${name}: is a group of settings, not a value` }]
  })

/** Makes the nested record of the values of its fields. */
const assemble = (values: Iterable<readonly [field: FieldPath, value: unknown]>): TracingSettings => {
  const root: Record<string, unknown> = {}
  for (const [field, value] of values) {
    const keys = field.split(".")
    const last = keys.pop() ?? field
    const group = keys.reduce((node, key) => (node[key] ??= {}) as Record<string, unknown>, root)
    group[last] = value
  }
  // The table has a value of the right type for each field: the compiler sees to it there.
  return root as unknown as TracingSettings
}

/**
 * Resolves all settings: from the overrides, else the variables of the current `ConfigProvider`, else the defaults.
 *
 * **Details**
 *
 * Fails with one `ConfigError` that names every bad `TRACING_*` variable and every bad override, with its value (secrets
 * hidden) and what is allowed, also where tracing is disabled. Bad `OTEL_*` values are among the warnings, and the next variable
 * or the default is used.
 *
 * @category constructors
 * @since 0.1.0
 */
export const resolve = Effect.fnUntraced(function*(
  overrides: SettingsOverrides = {}
): Effect.fn.Return<ResolvedSettings, Config.ConfigError> {
  const provider = yield* currentProvider
  const { listed, texts } = yield* Effect.catch(readVariables(provider, variableNames), unreadable)
  const findings: Findings = { problems: new Map(), warnings: new Set(unknownNames(listed, variableNames)) }
  for (const problem of unknownOverrides(overrides)) {
    findings.problems.set(problem.name, problem)
  }
  const chosen = new Map(fields.map((entry) => [entry[0], choose(entry, overrides, texts, findings)]))
  if (findings.problems.size > 0) {
    return yield* failBySettings([...findings.problems.values()])
  }

  const given = assemble(fields.map(([field, setting]) => {
    const found = chosen.get(field)
    return [field, found === undefined ? setting.fallback() : found.value]
  }))
  const label = (field: FieldPath): string | undefined => {
    const found = chosen.get(field)
    return found === undefined
      ? undefined
      : `${found.from}=${quoteValue(settingsTable[field], texts.get(found.from) ?? found.value)}`
  }
  const { settings, warnings } = reconcile(given, label)
  const pending = fields.flatMap(([field, setting]) => setting.pending === true ? label(field) ?? [] : [])
    .map((name) => `${name}: nothing acts on this setting in this version`)
  const resolved = fields.map(([field, setting]): ResolvedSetting => {
    const found = chosen.get(field)
    return {
      name: field,
      variable: found?.source === "variable" ? found.from : setting.sources.variables[0]?.name ?? "",
      value: showValue(setting, valueAt(settings, field)),
      source: found?.source ?? "default"
    }
  })
  return { settings, warnings: [...findings.warnings, ...warnings, ...pending], resolved }
})
