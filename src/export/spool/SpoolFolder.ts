import * as fs from "node:fs"
import * as path from "node:path"
import type { Warnings } from "../../ledger/index.ts"
import { diskCauses, makeFolder } from "../disk.ts"
import { Ownership } from "./Ownership.ts"
import type { Entry } from "./Segment.ts"
import { parseSegmentName, Segment, segmentName } from "./Segment.ts"

/**
 * Which folder, and how much it may hold.
 */
export interface SpoolFolderOptions {
  readonly directory: string
  /** Of all processes together. */
  readonly maxBytes: number
  /** Whether each write is waited for until it has reached the disk. */
  readonly isSynced: boolean
  readonly warnings: Warnings
  readonly nowMillis: () => number
}

// Small enough to be deleted soon after it was sent, and few enough in a folder that is full.
const segmentBytes = 4 * 1024 * 1024
/** What is emptied beyond this is deleted and begun anew. */
const worthKeepingBytes = 256 * 1024
/** Age is that of a segment: what is younger must not be thrown away with it. */
const segmentMillis = 10 * 60_000

const brokenMillis = 1000

/**
 * The part of a spool's folder that is this process's own, and what it takes over from processes that are dead.
 *
 * **Details**
 *
 * Nothing here throws: what goes wrong with the disk is told, and spans stay in memory.
 */
export class SpoolFolder {
  /** What waits, oldest first. The last may be the one that is written to. */
  readonly segments: Array<Segment> = []
  private readonly options: SpoolFolderOptions
  private readonly ownership: Ownership
  private current: Segment | undefined
  private count = 0
  private foreignBytes = 0
  private brokenUntil = 0
  private readonly strange = new Set<string>()

  constructor(options: SpoolFolderOptions) {
    this.options = options
    this.ownership = new Ownership(options.directory)
  }

  /** The oldest segment something waits in. */
  next(): Segment | undefined {
    for (const segment of this.segments.slice()) {
      const torn = this.attempt(() => segment.load())
      if (torn === undefined) this.forget(segment)
      else if (!segment.isSpent) {
        if (torn > 0) this.tellTorn(torn)
        return segment
      } else if (segment !== this.current) this.remove(segment)
    }
    return undefined
  }

  /** How many spans wait, as far as they have been read. */
  get spans(): number {
    return this.segments.reduce((sum, { entries }) => entries.reduce((spans, entry) => spans + entry.spans, sum), 0)
  }

  get isEmpty(): boolean {
    return this.segments.every((segment) => segment.isSpent)
  }

  /** Whether it is worth trying to write: a disk that has just failed is left alone for a moment. */
  get isUsable(): boolean {
    return this.options.nowMillis() >= this.brokenUntil
  }

  /** Writes a body at the end; says whether it could. */
  append(body: Uint8Array, spans: number, decided: Entry["decided"]): boolean {
    const { directory, maxBytes } = this.options
    const bytes = this.segments.reduce((sum, segment) => sum + segment.size, this.foreignBytes)
    if (bytes + body.length > maxBytes) {
      this.pause()
      this.warn(
        "full",
        `The spool in ${directory} is full: it may hold ${maxBytes} bytes (TRACING_SPOOL_MAX_BYTES). Spans wait in memory.`
      )
      return false
    }
    const isWritten = this.attempt(() => {
      this.writable().append(body, spans, decided)
      return true
    })
    if (isWritten !== true) this.pause()
    return isWritten === true
  }

  /** Takes note that the first entries of a segment are dealt with, and deletes it once nothing waits in it. */
  acknowledge(segment: Segment, count: number): void {
    this.attempt(() => {
      const isAll = count === segment.entries.length
      const isSpent = isAll && (segment !== this.current || segment.size > worthKeepingBytes)
      if (isSpent) {
        segment.entries.length = 0
        this.remove(segment)
      } else segment.acknowledge(count)
    })
  }

  /** Writes down that the first entries of a segment are sent now; without a number, that they are not any more. */
  doubt(segment: Segment, sent: number = 0): void {
    this.attempt(() => segment.doubt(sent))
  }

  /** Deletes a segment with all that is in it. */
  remove(segment: Segment): void {
    this.forget(segment)
    this.attempt(() => segment.remove())
  }

  /** Leaves a segment to whoever has it now. */
  forget(segment: Segment): void {
    this.segments.splice(this.segments.indexOf(segment), 1)
    if (this.current === segment) this.current = undefined
    segment.close()
  }

  /** Gives a sign of life, and takes over what dead processes have left. Says whether that was anything. */
  look(): boolean {
    return this.attempt(() => {
      const { directory } = this.options
      makeFolder(directory, 0o700)
      this.ownership.renew()
      const names = fs.readdirSync(directory)
      const adopted = this.adopt(names)
      for (const name of names) {
        const owner = Ownership.ownerOf(name)
        if (owner !== undefined && this.isDead(owner)) this.ownership.bury(owner)
      }
      return adopted
    }) ?? false
  }

  /** Lets go of everything: what waits is for the next process. */
  close(): void {
    for (const segment of this.segments.slice()) {
      if (segment.isSpent) this.remove(segment)
      else segment.close()
    }
    this.attempt(() => this.ownership.release())
  }

  private pause(): void {
    this.brokenUntil = this.options.nowMillis() + brokenMillis
  }

  private isDead(owner: string): boolean {
    return owner !== this.ownership.id && this.ownership.isDead(owner, this.options.nowMillis())
  }

  private adopt(names: ReadonlyArray<string>): boolean {
    const { directory } = this.options
    const before = this.segments.length
    const dead = new Map<string, boolean>()
    this.foreignBytes = 0
    for (const name of names) {
      const parsed = parseSegmentName(name)
      if (parsed === undefined) {
        if (Ownership.ownerOf(name) === undefined) this.tellStrange(name)
        continue
      }
      const { createdMillis, owner } = parsed
      if (owner === this.ownership.id) continue
      if (!dead.has(owner)) dead.set(owner, this.isDead(owner))
      if (dead.get(owner) === true) this.takeOver(name, createdMillis)
      else this.foreignBytes += fs.statSync(path.join(directory, name), { throwIfNoEntry: false })?.size ?? 0
    }
    this.segments.sort((a, b) => a.createdMillis - b.createdMillis)
    return this.segments.length > before
  }

  /** Renaming decides who gets it: of several processes one succeeds. */
  private takeOver(name: string, createdMillis: number): void {
    const { directory, isSynced } = this.options
    const mine = path.join(directory, this.newName(createdMillis))
    try {
      if (!Segment.isOne(path.join(directory, name))) return this.tellStrange(name)
      fs.renameSync(path.join(directory, name), mine)
      this.segments.push(Segment.adopt(mine, createdMillis, isSynced))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
    }
  }

  private tellTorn(bytes: number): void {
    this.warn(
      "torn",
      `A process was killed while it wrote to the spool in ${this.options.directory}: the last ${bytes} bytes of a segment ` +
        "were cut off."
    )
  }

  private tellStrange(name: string): void {
    if (this.strange.has(name)) return
    this.strange.add(name)
    this.warn("strange", `The folder ${this.options.directory} is the spool's, and ${name} is not: it is left alone.`)
  }

  /** The segment to write to. */
  private writable(): Segment {
    const { directory, isSynced, nowMillis } = this.options
    const now = nowMillis()
    const { current } = this
    if (current !== undefined) {
      const isFresh = current.size < segmentBytes && now - current.createdMillis < segmentMillis
      if (isFresh && current.whereabouts === "here") return current
      this.current = undefined
      if (current.entries.length === 0) this.remove(current)
    }
    makeFolder(directory, 0o700)
    this.ownership.renew()
    const segment = Segment.create(directory, this.newName(now), now, isSynced)
    this.segments.push(segment)
    return this.current = segment
  }

  private newName(createdMillis: number): string {
    return segmentName(createdMillis, this.ownership.id, ++this.count)
  }

  private attempt<A>(f: () => A): A | undefined {
    try {
      return f()
    } catch (error) {
      const { code = "unknown", message } = error as NodeJS.ErrnoException
      this.warn(
        code,
        `The spool in ${this.options.directory} cannot be used: ${
          diskCauses[code] ?? message
        }. Spans wait in memory. ` +
          "Mend that, or set TRACING_SPOOL_DIR to another folder."
      )
      return undefined
    }
  }

  private warn(reason: string, message: string): void {
    this.options.warnings.warnAgain(`spool ${reason}`, message)
  }
}
