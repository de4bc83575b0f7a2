import { Effect } from "effect"
import type { Scope } from "effect"
import { spawn } from "node:child_process"
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import * as http from "node:http"
import { join } from "node:path"
import type { Session } from "./howtoPages.ts"
import { root } from "./howtoPages.ts"
import { surroundings } from "./howtoSurroundings.ts"

// Inside the project, so that the package finds itself by name.
const workplace = join(root, ".vitest")

const folder = Effect.acquireRelease(
  Effect.sync(() => {
    mkdirSync(workplace, { recursive: true })
    return mkdtempSync(join(workplace, "howto-"))
  }),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** Runs a process and gives what it prints on both streams, in order. */
const printed = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>
): Effect.Effect<string, never, Scope.Scope> =>
  Effect.flatMap(folder, (path) =>
    Effect.callback((resume) => {
      const file = join(path, "output")
      const output = openSync(file, "w")
      const child = spawn(process.execPath, ["--conditions=effect-tracing-source", ...args], {
        cwd: root,
        stdio: ["ignore", output, output],
        env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1", ...env }
      })
      child.on("close", () => {
        closeSync(output)
        resume(Effect.succeed(readFileSync(file, "utf8")))
      })
      return Effect.sync(() => child.kill())
    }))

const get = (url: string): Effect.Effect<string> =>
  Effect.callback((resume) => {
    http.get(url, { agent: false }, (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () => resume(Effect.succeed(Buffer.concat(chunks).toString())))
    })
  })

const dispatch = (
  { command, program }: Session,
  env: Readonly<Record<string, string>>,
  real: (text: string) => string
): Effect.Effect<string, never, Scope.Scope> => {
  const [name, ...args] = command
  if (name === "curl") return get(real(`http://${args.at(-1)}`))
  if (name === "npx" && args[0] === "effect-tracing") {
    return printed([join(root, "src", "cli", "main.ts"), ...args.slice(1)], env)
  }
  if (name !== "node" || program === undefined) throw new Error(`It is not known how to run: ${command.join(" ")}`)
  return Effect.flatMap(folder, (path) => {
    const file = join(path, args.at(-1) ?? "")
    writeFileSync(file, program)
    return printed([file], env)
  })
}

/** Runs a command of a page as the page says, and gives what it prints, with the names the page uses. */
export const run = (session: Session): Effect.Effect<string> =>
  Effect.gen(function*() {
    const around = surroundings[session.block.surroundings ?? "nothing else"]
    if (around === undefined) throw new Error(`${session.page}: nothing is called ${session.block.surroundings}`)
    const replacements = yield* around
    const real = (text: string) => replacements.reduce((text, [shown, real]) => text.replaceAll(shown, real), text)
    const env = Object.fromEntries(Object.entries(session.env).map(([name, value]) => [name, real(value)]))
    const output = yield* dispatch(session, env, real)
    return replacements.reduce((text, [shown, real]) => text.replaceAll(real, shown), output)
  }).pipe(Effect.scoped)
