import * as Predicate from "effect/Predicate"

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\"": "&quot;",
  "'": "&#39;"
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value)

const title = (key: string): string => escape(key.replaceAll("_", " "))

const plain = (value: unknown): string => {
  if (value === null || value === undefined) return "–"
  if (typeof value === "number" && !Number.isInteger(value)) return value.toPrecision(4)
  return escape(typeof value === "string" ? value : JSON.stringify(value))
}

/** The values of a status have a colour; anything else is plain. */
const scalar = (key: string, value: unknown): string =>
  key === "status" && typeof value === "string" ? `<b class="${escape(value)}">${escape(value)}</b>` : plain(value)

const rows = (record: Readonly<Record<string, unknown>>): string =>
  Object.entries(record).map(([key, value]) =>
    `<tr><th scope="row">${title(key)}</th><td>${cell(key, value)}</td></tr>`
  )
    .join("")

const grid = (list: ReadonlyArray<Readonly<Record<string, unknown>>>): string => {
  const keys = [...new Set(list.flatMap((item) => Object.keys(item)))]
  const head = keys.map((key) => `<th scope="col">${title(key)}</th>`).join("")
  const body = list.map((item) => `<tr>${keys.map((key) => `<td>${cell(key, item[key])}</td>`).join("")}</tr>`).join("")
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

const cell = (key: string, value: unknown): string => {
  if (Array.isArray(value)) {
    const records = value.filter(isRecord)
    if (value.length === 0) return "none"
    return records.length === value.length
      ? grid(records)
      : `<ul>${value.map((item) => `<li>${plain(item)}</li>`).join("")}</ul>`
  }
  if (!isRecord(value)) return scalar(key, value)
  return Object.keys(value).length === 0 ? "none" : `<table><tbody>${rows(value)}</tbody></table>`
}

const style =
  "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}table{border-collapse:collapse}" +
  "th,td{text-align:left;vertical-align:top;padding:.25rem .75rem;border-bottom:1px solid #ddd}th{font-weight:600}" +
  ".healthy{color:#176f2c}.degraded{color:#8a5a00}.down{color:#b3261e}.off{color:#666}" +
  "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}th,td{border-color:#444}" +
  ".healthy{color:#6fd08c}.degraded{color:#f0b450}.down{color:#ff8a80}.off{color:#999}}"

/**
 * Writes a status as a page: every field by its name, lists as tables.
 */
export const page = (
  name: string,
  links: ReadonlyArray<readonly [name: string, path: string]>,
  value: Readonly<Record<string, unknown>>
): string => {
  const navigation = links.map(([label, path]) => `<a href="${escape(path)}">${escape(label)}</a>`).join(" · ")
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(name)}</title>` +
    `<meta name="viewport" content="width=device-width"><style>${style}</style></head><body><nav>${navigation}</nav>` +
    `<h1>${escape(name)}</h1><table><tbody>${rows(value)}</tbody></table></body></html>\n`
}
