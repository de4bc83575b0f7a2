import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"

const root = path.resolve(import.meta.dirname, "../..")

/**
 * Compiles the package and this folder into a folder of their own and gives the folder of the compiled benchmark. What is
 * compared is installed as JavaScript too: Node's type stripping must not count against us.
 */
export const compile = (): { readonly directory: string; readonly remove: () => void } => {
  const cache = path.join(root, "node_modules/.cache")
  fs.mkdirSync(cache, { recursive: true })
  const outDir = fs.mkdtempSync(path.join(cache, "bench-"))
  const project = path.join(outDir, "tsconfig.json")
  fs.writeFileSync(
    project,
    JSON.stringify({
      extends: path.join(root, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        noCheck: true,
        declaration: false,
        declarationMap: false,
        sourceMap: false,
        rootDir: root,
        outDir,
        typeRoots: [path.join(root, "node_modules/@types")]
      },
      include: [import.meta.dirname]
    })
  )
  fs.writeFileSync(path.join(outDir, "package.json"), JSON.stringify({ type: "module" }))
  execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", project], {
    stdio: "inherit"
  })
  // What tsc has made of the package goes: it is measured as it is published.
  fs.rmSync(path.join(outDir, "src"), { recursive: true, force: true })
  execFileSync(
    process.execPath,
    [
      path.join(root, "node_modules/rolldown/bin/cli.mjs"),
      "-c",
      "-d",
      path.join(outDir, "src")
    ],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] }
  )
  return {
    directory: path.join(outDir, "test/bench"),
    remove: () => fs.rmSync(outDir, { recursive: true, force: true })
  }
}
