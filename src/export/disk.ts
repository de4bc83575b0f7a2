import * as fs from "node:fs"
import * as path from "node:path"

/** Why the disk refuses something, by the code of the operating system. */
export const diskCauses: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EISDIR: "it is a folder",
  ENOENT: "no folder can be made there",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "a part of the path is a file",
  EMFILE: "too many files are open"
}

/**
 * Makes a folder, and those above it that are missing; throws where that cannot be done. Not by Node's `recursive`, which tries for
 * ever on a file system that knows no new folders, such as `/proc`, and holds the whole program up.
 */
export const makeFolder = (folder: string, mode?: number): void => {
  try {
    fs.mkdirSync(folder, mode)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const parent = path.dirname(folder)
    if (code === "ENOENT" && parent !== folder) {
      makeFolder(parent, mode)
      fs.mkdirSync(folder, mode)
    } else if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
  }
}
