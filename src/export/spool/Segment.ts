import * as fs from "node:fs"
import * as path from "node:path"
import type { SpoolFate } from "../SpanExporter.ts"
import type { Bisection } from "./Bisection.ts"
import { frame, frameAcknowledgement, frameDoubt, magic, payloadAt, readContents } from "./record.ts"

/**
 * A body that waits in a segment.
 */
export interface Entry {
  readonly start: number
  readonly end: number
  /** Those of its spans that are not decided. */
  spans: number
  /** Called when spans of the body are dealt with; left out for what another process has left. */
  readonly decided: ((fate: SpoolFate) => void) | undefined
  /** Whether a request with this body may have been taken although no answer said so. */
  mayHaveArrived: boolean
  /** The search for the spans to blame, where the receiver could not read the body. */
  bisection: Bisection | undefined
}

/**
 * Name of a segment: when it was begun, which is its age, and whose it is.
 */
export const segmentName = (createdMillis: number, owner: string, number: number): string =>
  `${createdMillis.toString().padStart(14, "0")}-${owner}-${number}.spool`

/**
 * Reads the name of a segment; `undefined` where it is not one.
 */
export const parseSegmentName = (
  name: string
): { readonly createdMillis: number; readonly owner: string } | undefined => {
  const match = /^(\d{14})-([0-9a-f]{16})-\d+\.spool$/.exec(name)
  return match === null ? undefined : { createdMillis: Number(match[1]), owner: match[2]! }
}

/**
 * A file of bodies that are appended at its end and acknowledged from its beginning.
 *
 * **Details**
 *
 * Written synchronously: what {@link Segment.append} has returned from outlives the process. A write to the page cache
 * takes a fraction of a millisecond, and the same code serves the end of the process.
 */
export class Segment {
  readonly path: string
  readonly createdMillis: number
  /** What waits, oldest first. */
  readonly entries: Array<Entry> = []
  private readonly isSynced: boolean
  private descriptor: number | undefined
  /** Bytes of whole records. */
  size: number
  private isRead = true
  /** Up to where it is written down that requests may have been taken. */
  private doubted = 0

  private constructor(path: string, createdMillis: number, size: number, isSynced: boolean) {
    this.path = path
    this.createdMillis = createdMillis
    this.size = size
    this.isSynced = isSynced
  }

  /** Begins a segment; throws where the folder does not let it. */
  static create(directory: string, name: string, createdMillis: number, isSynced: boolean): Segment {
    const segment = new Segment(path.join(directory, name), createdMillis, 0, isSynced)
    segment.descriptor = fs.openSync(segment.path, "wx+", 0o600)
    try {
      segment.write(Buffer.from(magic))
    } catch (error) {
      segment.remove()
      throw error
    }
    return segment
  }

  /** Takes over a file of a process that is dead; what is in it is read when its turn comes. */
  static adopt(file: string, createdMillis: number, isSynced: boolean): Segment {
    const segment = new Segment(file, createdMillis, fs.statSync(file).size, isSynced)
    segment.isRead = false
    return segment
  }

  /** Whether a file begins as a segment does. */
  static isOne(file: string): boolean {
    const descriptor = fs.openSync(file, "r")
    try {
      const beginning = Buffer.alloc(magic.length)
      return readContents(beginning.subarray(0, fs.readSync(descriptor, beginning))) !== undefined
    } finally {
      fs.closeSync(descriptor)
    }
  }

  /** Whether something waits in it, as far as is known without reading it. */
  get isSpent(): boolean {
    return this.isRead && this.entries.length === 0
  }

  /** Reads what waits in a segment that was taken over, and cuts off its torn end: returns how many bytes that was. */
  load(): number {
    if (this.isRead) return 0
    const bytes = fs.readFileSync(this.path)
    const contents = readContents(bytes)
    this.isRead = true
    this.size = contents?.length ?? 0
    for (const record of contents?.records ?? []) {
      this.entries.push({ ...record, decided: undefined, bisection: undefined })
    }
    if (bytes.length > this.size) fs.truncateSync(this.path, this.size)
    return bytes.length - this.size
  }

  /** Appends a body; throws where it cannot be written, and then the segment is as it was. */
  append(body: Uint8Array, spans: number, decided: Entry["decided"]): void {
    const start = this.size
    this.write(frame(body, spans))
    this.entries.push({ start, end: this.size, spans, decided, mayHaveArrived: false, bisection: undefined })
  }

  /** Reads bodies that wait; `undefined` where one of them is damaged or the disk does not give them. */
  read(entries: ReadonlyArray<Entry>): ReadonlyArray<Buffer> | undefined {
    const from = entries[0]!.start
    const bytes = Buffer.alloc(entries.at(-1)!.end - from)
    try {
      fs.readSync(this.opened(), bytes, 0, bytes.length, from)
    } catch {
      return undefined
    }
    const bodies = entries.flatMap((entry) => payloadAt(bytes, entry.start - from)?.payload ?? [])
    return bodies.length === entries.length ? bodies : undefined
  }

  /** Takes note that the first entries are dealt with, so that no other process deals with them again. */
  acknowledge(count: number): void {
    const last = this.entries[count - 1]!
    this.entries.splice(0, count)
    this.write(frameAcknowledgement(last.end))
  }

  /**
   * Takes note of what may have been taken without an answer: what is sent now, the first so many, and what was sent before. So
   * the next process can tell, should this one be killed before it knows.
   */
  doubt(sent: number): void {
    const offset = this.entries.reduce(
      (sum, { end, mayHaveArrived }, index) => index < sent || mayHaveArrived ? end : sum,
      0
    )
    if (offset !== this.doubted) this.write(frameDoubt(offset))
    this.doubted = offset
  }

  /**
   * Where the file is: `here`; `removed`, and what is in it can still be read, but dies with the process; `taken` over by
   * another process, which will send what is in it.
   */
  get whereabouts(): "here" | "removed" | "taken" {
    try {
      const there = fs.statSync(this.path, { throwIfNoEntry: false })
      if (this.descriptor === undefined) return there === undefined ? "taken" : "here"
      const { ino, nlink } = fs.fstatSync(this.descriptor)
      return nlink === 0 ? "removed" : there?.ino === ino ? "here" : "taken"
    } catch {
      // The folder may not be looked into: what is open stays readable.
      return "here"
    }
  }

  close(): void {
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor)
    this.descriptor = undefined
  }

  remove(): void {
    this.close()
    fs.rmSync(this.path, { force: true })
  }

  private opened(): number {
    return this.descriptor ??= fs.openSync(this.path, "r+")
  }

  private write(bytes: Buffer): void {
    const descriptor = this.opened()
    try {
      for (let written = 0; written < bytes.length;) {
        written += fs.writeSync(descriptor, bytes, written, bytes.length - written, this.size + written)
      }
      if (this.isSynced) fs.fdatasyncSync(descriptor)
    } catch (error) {
      // Half a record is no use to anybody; where even this fails, it is cut off by who reads the segment next.
      fs.ftruncateSync(descriptor, this.size)
      throw error
    }
    this.size += bytes.length
  }
}
