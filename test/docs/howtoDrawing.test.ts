import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { drawing, imports } from "./howtoDrawing.ts"
import { blocksOf, read, root } from "./howtoPages.ts"

const blocks = blocksOf(read("CONTRIBUTING.md"))

/** The rooms from top to bottom, as the test of import directions has them, as far as they are there. */
const rooms = Array.from(
  /const rooms = \[([^\]]*)\]/.exec(readFileSync(join(root, "test", "architecture.test.ts"), "utf8"))![1]!
    .matchAll(/"([^"]+)"/g),
  (match) => match[1]!.replace("the layer", "layer")
).filter((room) => imports().has(room))

describe("the drawings of the house", () => {
  it("list the rooms from top to bottom, as imports go", () => {
    const list = blocks.find(({ code }) => code.startsWith("src/\n"))!.code.split("\n")
      .flatMap((line) => /^ {2}((?:[\w*.]+\/? +)+)/.exec(line)?.[1]?.match(/\w+(?=\/)|\*\.ts/g) ?? [])
      .map((room) => room === "*.ts" ? "layer" : room)
    assert.deepStrictEqual(list, rooms)
  })

  it("draw an arrow for each import that does not follow from others (test/docs/howtoWrite.ts writes it)", () => {
    assert.strictEqual(blocks.find(({ info }) => info === "mermaid")!.code, drawing())
  })
})
