import { encodingFor, select } from "../otlp/OtlpProtobuf.ts"
import { trimSpan } from "../trimSpan.ts"
import { decodeSpan } from "./decodeSpan.ts"

/** Single spans refused one after the other from which on somebody else may be to blame than a few of the spans. */
export const refusalsThatTell = 2

/**
 * A part of a body.
 */
export interface Part {
  readonly body: Uint8Array
  readonly spans: number
  /** Whether a request with this part may have been taken although no answer said so. */
  mayHaveArrived: boolean
  /** Whether the span was cut down to what a receiver can be expected to take. */
  readonly isTrimmed: boolean
}

/**
 * The search for the spans of a body that a receiver cannot take: what it refuses is halved, so that the others are saved, and a
 * span too large alone is cut down.
 */
export class Bisection {
  private readonly parts: Array<Part>
  private isPartlyTaken = false
  private refusals = 0

  constructor(body: Uint8Array, spans: number, mayHaveArrived: boolean) {
    this.parts = [{ body, spans, mayHaveArrived, isTrimmed: false }]
  }

  /** What is to be sent next; `undefined` when all of the body is decided. */
  get next(): Part | undefined {
    return this.parts.at(-1)
  }

  /** The next part was taken. */
  taken(): void {
    this.parts.pop()
    this.isPartlyTaken = true
  }

  /** Puts halves in the place of the next part. */
  halve(): void {
    const { body, spans, ...part } = this.parts.pop()!
    const half = spans >> 1
    this.parts.push(
      { ...part, body: select(body, (index) => index >= half), spans: spans - half },
      { ...part, body: select(body, (index) => index < half), spans: half }
    )
  }

  /** Cuts down the next part, a single span: returns the name of the span, or `undefined` where that was done before. */
  trim(): string | undefined {
    const { body, isTrimmed } = this.parts.at(-1)!
    const decoded = isTrimmed ? undefined : decodeSpan(body)
    if (decoded === undefined) return undefined
    const { resource, span } = decoded
    const trimmed = encodingFor(resource).begin()
    trimmed.write(trimSpan(span))
    // A request with less in it than was sent before cannot have arrived.
    this.parts.splice(-1, 1, { body: trimmed.finish().bytes, spans: 1, mayHaveArrived: false, isTrimmed: true })
    return span.name
  }

  /** The next part, a single span, was refused: says whether it may be that all are. */
  refused(): boolean {
    this.parts.pop()
    this.refusals++
    return !this.isPartlyTaken && this.refusals >= refusalsThatTell
  }

  /** Gives up all that is left; says how many spans those are. */
  giveUp(): number {
    return this.parts.splice(0).reduce((sum, { spans }) => sum + spans, 0)
  }
}
