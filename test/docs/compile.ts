import { assert } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..", "..")

/** Compiles programs of the documentation, as strictly as the package itself; fails with what the compiler says. */
export const compile = (programs: ReadonlyArray<{ readonly name: string; readonly code: string }>): void => {
  // Inside the package, so that it is found by its name.
  mkdirSync(join(root, ".vitest"), { recursive: true })
  const target = mkdtempSync(join(root, ".vitest", "compile-"))
  try {
    for (const { code, name } of programs) writeFileSync(join(target, `${name}.ts`), code)
    writeFileSync(
      join(target, "tsconfig.json"),
      JSON.stringify({
        extends: "../../tsconfig.json",
        compilerOptions: { noUnusedLocals: false, plugins: [] },
        include: ["*.ts"]
      })
    )
    execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", target], { encoding: "utf8" })
  } catch (error) {
    assert.fail((error as { readonly stdout?: string }).stdout ?? String(error))
  } finally {
    rmSync(target, { recursive: true, force: true })
  }
}
