import { select } from "../otlp/OtlpProtobuf.ts"

/** Single spans refused one after the other, before any was taken, from which on somebody else is to blame than a few of the spans. */
const refusalsThatTell = 2

/**
 * A part of a body.
 */
export interface Part {
  readonly body: Uint8Array
  readonly spans: number
  /** Whether a request with this part may have been taken although no answer said so. */
  mayHaveArrived: boolean
}

/**
 * The search for the spans of a body that a receiver cannot read: what it refuses is halved, so that the others are saved.
 */
export class Bisection {
  private readonly parts: Array<Part>
  private isPartlyTaken = false
  private refusals = 0

  constructor(body: Uint8Array, spans: number, mayHaveArrived: boolean) {
    this.parts = [{ body, spans, mayHaveArrived }]
    this.halve()
  }

  /** What is to be sent next; `undefined` when all of the body is decided. */
  get next(): Part | undefined {
    return this.parts.at(-1)
  }

  /** The next part was taken. */
  taken(): void {
    this.parts.pop()
    this.isPartlyTaken = true
    this.refusals = 0
  }

  /** Puts halves in the place of the next part. */
  halve(): void {
    const { body, mayHaveArrived, spans } = this.parts.pop()!
    const half = spans >> 1
    this.parts.push(
      { body: select(body, (index) => index >= half), spans: spans - half, mayHaveArrived },
      { body: select(body, (index) => index < half), spans: half, mayHaveArrived }
    )
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
