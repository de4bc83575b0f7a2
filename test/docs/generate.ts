/** Writes the reference pages under docs/ from the source: `npm run docs`. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pages } from "./pages.ts"

const directory = join(import.meta.dirname, "..", "..", "docs")
mkdirSync(directory, { recursive: true })
for (const { name, text } of pages()) {
  writeFileSync(join(directory, name), text)
  process.stdout.write(`docs/${name}\n`)
}
