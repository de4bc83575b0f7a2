import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { command } from "../../src/cli/command.ts"
import { compile } from "./compile.ts"
import { blocksOf, isAsShown, pages, read, root, sessionsOf, steady } from "./howtoPages.ts"
import { run } from "./howtoRun.ts"

const howTos = pages.filter((page) => page.startsWith(join("docs", "how-to")))

/** The program before or after a diff. */
const sideOf = (code: string, without: "+" | "-"): string =>
  code.split("\n").filter((line) => !line.startsWith(without)).map((line) => line.slice(1)).join("\n")

/** Programs that the other test of examples does not see: those that are run, and both sides of diffs. */
const programs = pages.flatMap((page) =>
  blocksOf(read(page)).flatMap(({ code, info }, index) => {
    const name = `${page}-${index}`.replaceAll(/[^A-Za-z0-9-]/g, "-")
    if (info === "ts run") return [{ name, code }]
    return info === "diff"
      ? [{ name: `${name}-before`, code: sideOf(code, "+") }, { name: `${name}-after`, code: sideOf(code, "-") }]
      : []
  })
)

describe("the how-tos", () => {
  it("are there for what people come to do", () => {
    assert.sameMembers(howTos.map((page) => page.slice(join("docs", "how-to", "/").length)), [
      "export-to-a-backend.md",
      "from-effect-opentelemetry.md",
      "from-the-python-guide.md",
      "hide-a-secret.md",
      "keep-errors-and-slow-traces.md",
      "run-behind-a-proxy.md",
      "trace-a-queue.md",
      "trace-a-scraper.md",
      "trace-a-test.md",
      "trace-an-api.md",
      "use-with-opentelemetry-libraries.md"
    ])
  })

  it("each say how to verify it, with a command that is run, and what to do if it does not work", () => {
    for (const page of howTos) {
      assert.match(read(page), /^## Verify$[\s\S]*^## If it does not work$/m, page)
      assert.isNotEmpty(sessionsOf(page), page)
    }
  })

  it("compile, where they are run and on both sides of a diff", () => {
    assert.isAbove(programs.length, 10)
    compile(programs)
  }, 60_000)
})

describe("the commands of the pages", () => {
  for (const page of pages.filter((page) => sessionsOf(page).length > 0)) {
    it.live(
      `print what ${page} shows (node --conditions=effect-tracing-source test/docs/howtoWrite.ts writes it)`,
      () =>
        Effect.gen(function*() {
          const outputs = yield* Effect.forEach(
            sessionsOf(page),
            (session) => Effect.map(run(session), (printed) => ({ ...session, printed })),
            { concurrency: 2 }
          )
          for (const { command, printed, shown } of outputs) {
            if (!isAsShown(printed, shown)) assert.strictEqual(steady(printed), steady(shown), command.join(" "))
          }
        }),
      120_000
    )
  }

  it("are all run that show what they print", () => {
    const shown = pages.filter((page) => page.startsWith("docs")).flatMap((page) =>
      blocksOf(read(page)).filter(({ info }) => info === "console").map(() => page)
    )
    assert.deepStrictEqual(
      shown,
      pages.filter((page) => page.startsWith("docs")).flatMap((page) => sessionsOf(page).map(() => page))
    )
  })

  it("call scripts, commands and options that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    const options = new Map(
      command.subcommands.flatMap(({ commands }) => commands).map((
        { name }
      ) => [
        name,
        readFileSync(
          join(root, "src", "cli", name === "env" ? "envCommand.ts" : join(name, `${name}Command.ts`)),
          "utf8"
        )
      ])
    )
    for (const page of pages) {
      for (const [, script] of read(page).matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)) {
        assert.property(scripts, script!, `${page}: npm run ${script}`)
      }
      for (const [call, name, rest = ""] of read(page).matchAll(/\bnpx effect-tracing (\w+)([^\n`|;&]*)/g)) {
        assert.isTrue(options.has(name!), `${page}: ${call}`)
        for (const [, option] of rest.matchAll(/ --([a-z-]+)/g)) {
          const isKnown = option === "env-file" || options.get(name!)!.includes(`"${option}"`)
          assert.isTrue(isKnown, `${page}: ${call}`)
        }
      }
    }
  })

  it("name variables that are settings", () => {
    const known = readFileSync(join(root, "docs", "settings.md"), "utf8")
    for (const page of pages) {
      for (const [name] of read(page).matchAll(/\b(?:TRACING|OTEL)_[A-Z][A-Z0-9_]*[A-Z0-9]\b/g)) {
        const isMisspeltOnPurpose = name === "TRACING_OTLP_ENDPIONT"
        assert.isTrue(isMisspeltOnPurpose || known.includes(name), `${page}: ${name}`)
      }
    }
  })
})

const anchorOf = (heading: string): string =>
  heading.toLowerCase().replaceAll(/[`*]/g, "").replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(/\s/g, "-")

describe("the links of the pages", () => {
  it("lead to files, and to headings in them", () => {
    const dead = pages.flatMap((page) =>
      Array.from(read(page).replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/\]\(([^)\s]+)\)/g), (match) => match[1]!)
        .filter((target) => !/^https?:/.test(target))
        .filter((target) => {
          const [path = "", anchor] = target.split("#")
          const file = path === "" ? page : join(dirname(page), path)
          if (!existsSync(join(root, file))) return true
          return anchor !== undefined &&
            !Array.from(read(file).matchAll(/^#+ (.+)$/gm), (match) => anchorOf(match[1]!)).includes(anchor)
        })
        .map((target) => `${page}: ${target}`)
    )
    assert.deepStrictEqual(dead, [])
  })

  it("of the index lead to every page of the documentation", () => {
    const index = read(join("docs", "README.md"))
    for (const page of pages.filter((page) => page.startsWith("docs") && !page.endsWith("README.md"))) {
      assert.include(index, `(${page.slice("docs/".length)})`)
    }
  })
})
