import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** The folder of the project. */
export const root = join(import.meta.dirname, "..", "..")

/** All pages a user reads, relative to the root. */
export const pages: ReadonlyArray<string> = ["README.md", "CONTRIBUTING.md", "docs", "examples"].flatMap((place) =>
  place.endsWith(".md")
    ? [place]
    : readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .map((file) => join(place, file))
).toSorted()

export const read = (page: string): string => readFileSync(join(root, page), "utf8")

/** A fenced block of a page. */
export interface Block {
  /** What stands after the fence: the language, and `run` for programs whose output stands below. */
  readonly info: string
  readonly code: string
  /** Where the code begins in the page. */
  readonly offset: number
  /** What `<!-- with: … -->` says on the line before: the surroundings it is run in. */
  readonly surroundings: string | undefined
}

const fence = /(?:<!-- with: ([^>]+?) -->\n+)?^```([^\n]*)\n([\s\S]*?)^```$/gm

export const blocksOf = (text: string): ReadonlyArray<Block> =>
  Array.from(text.matchAll(fence), ([whole, surroundings, info = "", code = ""], index) => ({
    info,
    code,
    offset: [...text.matchAll(fence)][index]!.index + whole.length - code.length - 3,
    surroundings
  }))

/** A command of a `console` block, and what it prints. */
export interface Session {
  readonly page: string
  readonly block: Block
  /** Variables set for it. */
  readonly env: Readonly<Record<string, string>>
  readonly command: ReadonlyArray<string>
  /** What is shown below the command. */
  readonly shown: string
  /** The program before it, if it runs one. */
  readonly program: string | undefined
}

const words = (line: string): ReadonlyArray<string> =>
  Array.from(line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g), ([word]) => word.replaceAll(/["']/g, ""))

/** All commands of the pages that are shown with what they print: `$ npx effect-tracing …`, `$ curl …` and `$ node …`. */
export const sessionsOf = (page: string): ReadonlyArray<Session> => {
  const blocks = blocksOf(read(page))
  return blocks.flatMap((block, index) => {
    if (block.info !== "console") return []
    const [first = "", ...shown] = block.code.split("\n")
    const all = words(first.replace(/^\$ /, ""))
    const isVariable = (word: string) => /^[A-Z_]+=/.test(word)
    const command = all.slice(all.findIndex((word) => !isVariable(word)))
    const program = blocks.slice(0, index).findLast(({ info }) => info === "ts run")
    if (block.surroundings === undefined && (command[0] !== "node" || program === undefined)) return []
    return [{
      page,
      block,
      command,
      env: Object.fromEntries(
        all.filter(isVariable).map((word) => {
          const at = word.indexOf("=")
          return [word.slice(0, at), word.slice(at + 1)] as const
        })
      ),
      shown: shown.join("\n").trimEnd(),
      program: command[0] === "node" ? program?.code : undefined
    }]
  })
}

/** A text without what differs from run to run: ids, times, durations, ports, versions, bars and what stands beside them. */
export const steady = (text: string): string =>
  text
    .replaceAll(/\b[0-9a-f]{32}\b/g, "‹trace›")
    .replaceAll(/\b[0-9a-f]{16}\b/g, "‹span›")
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "‹time›")
    .replaceAll(/\[\d\d:\d\d:\d\d\.\d{3}\]/g, "[‹time›]")
    .replaceAll(/\(#\d+\)/g, "(#‹fiber›)")
    .replaceAll(/\b\d+(?:\.\d+)?(?: ?(?:ns|µs|ms|s)\b)/g, "‹duration›")
    .replaceAll(/\b\d+\.\d+\.\d+\b(?!\.\d)/g, "‹version›")
    .replaceAll(/(127\.0\.0\.1):\d{4,5}\b/g, "$1:‹port›")
    .replaceAll(/"uptime_seconds": [\d.]+/g, "\"uptime_seconds\": ‹seconds›")
    // Of a bar in a waterfall: what is right of it is cut to the room it leaves.
    .replaceAll(/[▁-▟][▁-▟ ]*‹duration›.*$/gm, "‹bar›")
    .replaceAll(/ +/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .trim()

const escape = (line: string): string => line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** Whether a text is what is shown, where a line `…` stands for any lines. */
export const isAsShown = (printed: string, shown: string): boolean => {
  const escaped = steady(shown).split("\n").map((line) => line === "…" ? "(?:.*\\n)*?" : `${escape(line)}\\n`)
  return new RegExp(`^${escaped.join("")}$`).test(`${steady(printed)}\n`)
}
