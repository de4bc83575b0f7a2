/**
 * Writes into the pages what their commands print now, where it is not what is shown, and the drawing of the house:
 * `node --conditions=effect-tracing-source test/docs/howtoWrite.ts [page …]`.
 */
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { drawing } from "./howtoDrawing.ts"
import { isAsShown, pages, read, root, sessionsOf } from "./howtoPages.ts"
import { run } from "./howtoRun.ts"

const chosen = process.argv.slice(2)

/** The output, with its beginning left out where that of what is shown is. */
const abridged = (output: string, shown: string): string => {
  const [first, ...rest] = shown.split("\n")
  return first === "…" && !rest.includes("…") ? ["…", ...output.split("\n").slice(-rest.length)].join("\n") : output
}

const write = (page: string) =>
  Effect.gen(function*() {
    const sessions = sessionsOf(page)
    const outputs = yield* Effect.forEach(sessions, run)
    let text = read(page)
    // From the end, so that what is before stays where it is.
    for (const [index, { block, shown }] of [...sessions.entries()].toReversed()) {
      const output = outputs[index]!.trimEnd()
      if (isAsShown(output, shown)) continue
      const [first] = block.code.split("\n")
      text = `${text.slice(0, block.offset)}${first}\n${abridged(output, shown)}\n${
        text.slice(block.offset + block.code.length)
      }`
      process.stdout.write(`${page}: ${first}\n`)
    }
    writeFileSync(join(root, page), text)
  })

const house = "CONTRIBUTING.md"
writeFileSync(join(root, house), read(house).replace(/(?<=^```mermaid\n)[\s\S]*?(?=^```$)/m, drawing))

await Effect.runPromise(
  Effect.forEach(chosen.length === 0 ? pages.filter((page) => sessionsOf(page).length > 0) : chosen, write)
)
