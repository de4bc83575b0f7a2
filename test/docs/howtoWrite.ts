/** Writes into the pages what their commands print now, where it is not what is shown: `node test/docs/howtoWrite.ts [page …]`. */
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { isAsShown, pages, read, root, sessionsOf } from "./howtoPages.ts"
import { run } from "./howtoRun.ts"

const chosen = process.argv.slice(2)

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
      text = `${text.slice(0, block.offset)}${first}\n${output}\n${text.slice(block.offset + block.code.length)}`
      process.stdout.write(`${page}: ${first}\n`)
    }
    writeFileSync(join(root, page), text)
  })

await Effect.runPromise(
  Effect.forEach(chosen.length === 0 ? pages.filter((page) => sessionsOf(page).length > 0) : chosen, write)
)
