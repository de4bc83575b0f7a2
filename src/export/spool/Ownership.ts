import { randomBytes } from "node:crypto"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import process from "node:process"

const silentForMillis = 60_000
const suffix = ".lock"

/** Which machine, and which set of processes of it: containers count from 1, each for itself. */
const placeOf = (): string => {
  try {
    return `${os.hostname()} ${fs.readlinkSync("/proc/self/ns/pid")}`
  } catch {
    return os.hostname()
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/**
 * Marks the segments of one spool as in use, for as long as it lives.
 *
 * **Details**
 *
 * A file names the process. Its owner is dead where that process no longer runs, or, seen from another machine or
 * container, where it has not given a sign of life for a minute.
 */
export class Ownership {
  readonly id: string = randomBytes(8).toString("hex")
  private readonly directory: string
  private readonly place = placeOf()

  constructor(directory: string) {
    this.directory = directory
  }

  /** Writes the lock, or gives a sign of life; throws where the folder does not let it. */
  renew(): void {
    fs.writeFileSync(this.pathOf(this.id), `${process.pid} ${this.place}\n`, { mode: 0o600 })
  }

  release(): void {
    fs.rmSync(this.pathOf(this.id), { force: true })
  }

  /** Whether nobody looks after the segments of that owner any more. */
  isDead(owner: string, nowMillis: number): boolean {
    const lock = this.pathOf(owner)
    try {
      const text = fs.readFileSync(lock, "utf8")
      if (nowMillis - fs.statSync(lock).mtimeMs > silentForMillis) return true
      const [pid, ...place] = text.trimEnd().split(" ")
      return place.join(" ") === this.place && !isRunning(Number(pid))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return true
      throw error
    }
  }

  /** Removes the lock of an owner that is dead. */
  bury(owner: string): void {
    fs.rmSync(this.pathOf(owner), { force: true })
  }

  /** The owner whose lock a file is. */
  static ownerOf(name: string): string | undefined {
    return /^([0-9a-f]{16})\.lock$/.exec(name)?.[1]
  }

  private pathOf(owner: string): string {
    return path.join(this.directory, owner + suffix)
  }
}
