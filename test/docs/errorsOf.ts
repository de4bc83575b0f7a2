import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** An error of the package, as its source describes it. */
export interface DocumentedError {
  readonly name: string
  /** Where it is imported from. */
  readonly module: string
  /** What it says, in the words of its comment. */
  readonly text: string
  readonly fields: ReadonlyArray<readonly [name: string, text: string]>
}

const source = join(import.meta.dirname, "..", "..", "src")
const classPattern =
  /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport class (\w+) extends Data\.TaggedError\("\w+"\)<\{([^]*?)\n\}>/g
const fieldPattern = /\n {2}(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\s*)?readonly (\w+)\??:/g

/** The text of a comment, on one line and without its tags. */
const proseOf = (comment: string): string =>
  comment
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim())
    .filter((line) => !line.startsWith("@") && line !== "**Details**")
    .join(" ")
    .replaceAll(/\s+/g, " ")
    .trim()

const fieldsOf = (type: string): DocumentedError["fields"] =>
  Array.from(type.matchAll(fieldPattern), ([, comment = "", name = ""]) => [name, proseOf(comment)])

/** Every typed error that a user of the package can meet, found in the source. */
export const errorsOf = (): ReadonlyArray<DocumentedError> =>
  readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("cli"))
    .toSorted()
    .flatMap((file) =>
      Array.from(
        readFileSync(join(source, file), "utf8").matchAll(classPattern),
        ([, comment = "", name = "", schema = ""]) => ({
          name,
          module: `effect-tracing/${file.split("/")[0]}`,
          text: proseOf(comment),
          fields: fieldsOf(schema)
        })
      )
    )
