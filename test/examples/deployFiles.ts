import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import * as Yaml from "yaml"

/** The folder of the deployment files. */
export const directory = join(import.meta.dirname, "..", "..", "examples", "deploy")

/** Paths of its files of one kind, relative to it. */
export const filesEnding = (...endings: ReadonlyArray<string>): ReadonlyArray<string> =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .toSorted()

export const text = (file: string): string => readFileSync(join(directory, file), "utf8")

/** Reads YAML and takes nothing that a parser might read in two ways: warnings and duplicate keys are errors. */
export const parsed = (file: string): unknown => {
  const documents = Yaml.parseAllDocuments(text(file), { strict: true, uniqueKeys: true })
  const problems = [...documents].flatMap(({ errors, warnings }) => [...errors, ...warnings].map(String))
  if (problems.length > 0) throw new Error(`${file}: ${problems.join("\n")}`)
  return documents[0]?.toJS()
}

/** The path of a program, where the machine has it. */
export const program = (...names: ReadonlyArray<string>): string | undefined =>
  names.flatMap((name) => (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name))).find(
    (path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    }
  )

/** What a program complains about; empty if it is content. */
export const complaints = (path: string, args: ReadonlyArray<string>, env: Record<string, string> = {}): string => {
  const { status, stderr, stdout } = spawnSync(path, args, {
    cwd: directory,
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: 60_000
  })
  return status === 0 ? "" : `${path} ${args.join(" ")} exits with ${status}\n${stdout}${stderr}`
}

export interface Service {
  readonly image: string
  readonly command?: ReadonlyArray<string>
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: ReadonlyArray<string>
  readonly volumes?: ReadonlyArray<string>
  readonly depends_on?: ReadonlyArray<string>
  readonly network_mode?: string
  readonly mem_limit?: string
}

export interface Compose {
  readonly name: string
  readonly services: Readonly<Record<string, Service>>
  readonly volumes?: Readonly<Record<string, unknown>>
}

export interface CollectorConfig {
  readonly receivers: Readonly<Record<string, unknown>>
  readonly processors: Readonly<Record<string, unknown>> & {
    readonly memory_limiter?: { readonly limit_mib: number; readonly spike_limit_mib: number }
  }
  readonly exporters: Readonly<Record<string, unknown>>
  readonly extensions: Readonly<Record<string, unknown>>
  readonly service: {
    readonly extensions: ReadonlyArray<string>
    readonly pipelines: Readonly<
      Record<string, Readonly<Record<"receivers" | "processors" | "exporters", ReadonlyArray<string>>>>
    >
  }
}

/** An expression of PromQL without what stands in quotes. */
const unquoted = (expression: string): string => expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, "\"\"")

/** What looks like the name of a metric and is none. */
const functions = new Set(["histogram_quantile", "label_values"])

/** The names of metrics in an expression of PromQL. */
export const metricsIn = (expression: string): ReadonlyArray<string> =>
  Array.from(
    unquoted(expression)
      .replaceAll(/\{[^}]*\}/g, "")
      .replaceAll(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, "")
      .replaceAll(/\[[^\]]*\]/g, "")
      .matchAll(/\bup\b|[a-z_]\w*_\w+(?!\w*\s*\()/g),
    (match) => match[0]
  ).filter((name) => !functions.has(name))

/** The labels that an expression of PromQL selects or groups by. */
export const labelsIn = (expression: string): ReadonlyArray<string> => [
  ...Array.from(unquoted(expression).matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)/g), (match) => match[1]!),
  ...Array.from(unquoted(expression).matchAll(/\bby\s*\(([^)]*)\)/g), (match) => match[1]!.split(",")).flat().map((
    label
  ) => label.trim())
]
