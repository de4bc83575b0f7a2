import type { Effect } from "effect"

/**
 * What a collector does with one request, once it has all of it.
 *
 * - `take`: stores the spans, save for the last so many that it refuses, and says so
 * - `refuse`: stores nothing and answers with this status; by gRPC, with the code that stands for it
 * - `hang`: never answers
 * - `reset`: closes the connection without an answer
 * - `tear`: answers that all is well, and closes the connection in the middle of the answer
 * - `garble`: answers with something that is not HTTP
 *
 * The last four store the spans or not, as they are told.
 */
export type Reaction =
  | {
    readonly _tag: "take"
    readonly delayMillis?: number
    readonly refused?: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: Uint8Array | string
  }
  | {
    readonly _tag: "refuse"
    readonly status: number
    readonly retryAfter?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  }
  | { readonly _tag: "hang" | "reset" | "tear" | "garble"; readonly isTaken: boolean }

export interface CollectorRequest {
  /** The numbers of its spans. */
  readonly numbers: ReadonlyArray<number>
  /** How many of the numbers, from the first, the collector stored. */
  readonly stored: number
  /** Whether an answer has left, so that the sender can know what became of the spans. */
  isAnswered: boolean
  readonly reaction: Reaction
}

/**
 * A collector that keeps the numbers of the spans it gets, and does with each request as it is told.
 */
export interface Collector {
  /** What programs are told to send to. */
  readonly environment: Readonly<Record<string, string>>
  readonly requests: ReadonlyArray<Readonly<CollectorRequest>>
  /** Requests that came before the time a Retry-After named. */
  readonly early: number
  /** How it reacts from now on; in the beginning it takes everything. */
  readonly reactTo: (decide: (numbers: ReadonlyArray<number>) => Reaction) => void
  /** Closes the port and all connections, as one that is shut down. */
  readonly stop: Effect.Effect<void>
  /** Opens the same port again. */
  readonly start: Effect.Effect<void>
  /** Answers new connections with what is neither TLS nor HTTP, or serves them again. */
  readonly breakConnections: (isBroken: boolean) => void
}

/** What a collector has seen, whatever protocol it speaks. */
export class CollectorLog {
  readonly requests: Array<CollectorRequest> = []
  early = 0
  private decide: (numbers: ReadonlyArray<number>) => Reaction = () => ({ _tag: "take" })
  private notBefore = 0
  private answeredAt = Infinity
  private readonly raceMillis: number

  /**
   * @param raceMillis how long after an answer a request may still come whose sender could not know of it, where there are several at
   * once
   */
  constructor(raceMillis: number) {
    this.raceMillis = raceMillis
  }

  reactTo(decide: (numbers: ReadonlyArray<number>) => Reaction): void {
    this.decide = decide
  }

  /** A request begins to come in. */
  begin(): void {
    const now = performance.now()
    if (now > this.answeredAt + this.raceMillis && now < this.notBefore) this.early++
  }

  /** Keeps a request that is there, and decides what is to be done with it. */
  add(numbers: ReadonlyArray<number>): CollectorRequest {
    const reaction = this.decide(numbers)
    const stored = reaction._tag === "take"
      ? numbers.length - Math.min(reaction.refused ?? 0, numbers.length)
      : reaction._tag !== "refuse" && reaction.isTaken
      ? numbers.length
      : 0
    const request = { numbers, stored, isAnswered: false, reaction }
    this.requests.push(request)
    return request
  }

  /** An answer leaves that asks for a pause of so many milliseconds. */
  askForPause(millis: number): void {
    this.answeredAt = performance.now()
    this.notBefore = this.answeredAt + millis
  }
}
