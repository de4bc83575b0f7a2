import { readFileSync, realpathSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

/**
 * What the running program calls itself.
 *
 * @category models
 * @since 0.1.0
 */
export interface ProgramPackage {
  readonly name: string | undefined
  readonly version: string | undefined
}

const nonEmpty = (value: unknown): string | undefined => typeof value === "string" && value !== "" ? value : undefined

const readPackage = (folder: string): ProgramPackage | undefined => {
  try {
    const content: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    if (typeof content !== "object" || content === null) {
      return undefined
    }
    const { name, version } = content as { readonly name?: unknown; readonly version?: unknown }
    return nonEmpty(name) === undefined ? undefined : { name: nonEmpty(name), version: nonEmpty(version) }
  } catch {
    return undefined
  }
}

/**
 * Finds the nearest package.json with a name, from a folder upwards. Never throws: what cannot be read is passed by.
 *
 * @category constructors
 * @since 0.1.0
 */
export const nearestPackage = (folder: string): ProgramPackage => {
  for (let current = resolve(folder);; current = dirname(current)) {
    const found = readPackage(current)
    if (found !== undefined) {
      return found
    }
    if (current === dirname(current)) {
      return { name: undefined, version: undefined }
    }
  }
}

/**
 * Finds the package of the running program: that of its main script, or of the working directory where it has none.
 *
 * @category constructors
 * @since 0.1.0
 */
export const programPackage = (script: string | undefined = process.argv[1]): ProgramPackage => {
  try {
    // A script started by its name in node_modules/.bin is a link into its own package.
    return nearestPackage(script === undefined ? process.cwd() : dirname(realpathSync(script)))
  } catch {
    return { name: undefined, version: undefined }
  }
}
