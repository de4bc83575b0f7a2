import * as fs from "node:fs/promises"
import * as path from "node:path"
import { makeFolder } from "../disk.ts"

/**
 * A file that grows by lines and is set aside before it grows too large.
 */
export interface RotatedFile {
  readonly path: string
  readonly maxBytes: number
  readonly maxBackups: number
}

const lineBreak = 0x0a

/** Matches what {@link setAside} makes of the file's name. */
const isBackup = (name: string, { ext, name: stem }: path.ParsedPath): boolean =>
  name.startsWith(`${stem}-`) && name.endsWith(ext) &&
  /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/.test(name.slice(stem.length + 1, name.length - ext.length))

const deleteOldest = async (file: RotatedFile): Promise<void> => {
  const parsed = path.parse(path.resolve(file.path))
  const backups = (await fs.readdir(parsed.dir)).filter((name) => isBackup(name, parsed)).sort()
  for (const name of backups.slice(0, Math.max(0, backups.length - file.maxBackups))) {
    await fs.rm(path.join(parsed.dir, name), { force: true })
  }
}

const setAside = async (file: RotatedFile, nowMillis: number): Promise<void> => {
  const { dir, ext, name } = path.parse(path.resolve(file.path))
  for (let millis = nowMillis;; millis++) {
    const backup = path.join(dir, `${name}-${new Date(millis).toISOString().replaceAll(":", "-")}${ext}`)
    try {
      // Made before it is replaced: of two processes that set aside at once, none overwrites what the other has.
      await (await fs.open(backup, "wx")).close()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
      continue
    }
    try {
      return await fs.rename(file.path, backup)
    } catch (error) {
      await fs.rm(backup, { force: true })
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return
      throw error
    }
  }
}

const endsInLine = async (handle: fs.FileHandle, size: number): Promise<boolean> => {
  const last = Buffer.alloc(1)
  await handle.read(last, 0, 1, size - 1)
  return last[0] === lineBreak
}

/**
 * Appends bytes as one line, by one write, after setting the file aside if it would grow too large.
 */
export const appendLine = async (file: RotatedFile, bytes: Uint8Array, nowMillis: number): Promise<void> => {
  const found = await fs.stat(file.path).catch(() => undefined)
  if (found === undefined) makeFolder(path.dirname(path.resolve(file.path)))
  if (found?.isFile() === true && found.size > 0 && found.size + bytes.length + 1 > file.maxBytes) {
    await setAside(file, nowMillis)
    await deleteOldest(file)
  }
  // A pipe or terminal cannot be read back; of a file the end is looked at.
  const isFile = found?.isFile() !== false
  const handle = await fs.open(file.path, isFile ? "a+" : "a")
  try {
    const { size } = await handle.stat()
    const isTorn = isFile && size > 0 && !(await endsInLine(handle, size))
    await handle.appendFile(Buffer.concat([isTorn ? Buffer.from("\n") : Buffer.alloc(0), bytes, Buffer.from("\n")]))
  } finally {
    await handle.close()
  }
}
