import type { Effect, Scope } from "effect"
import type { Collector } from "./Collector.ts"
import type { Facts } from "./facts.ts"
import type { Plan } from "./plan.ts"
import type { Program } from "./program.ts"

/** What a row asks of a program, in the long form's measures. */
export interface Order {
  /** 20,000 if left out. */
  readonly spans?: number
  /** Over how many seconds; 0: as fast as it can. 25 if left out. */
  readonly over?: number
  readonly bursts?: number
  /** How many seconds it lives on after its last span. */
  readonly linger?: number
  readonly end?: Plan["end"]
  readonly runner?: Plan["runner"]
  readonly environment?: Readonly<Record<string, string>>
  readonly wrapper?: ReadonlyArray<string>
}

/** What a row is played on. */
export interface Stage {
  readonly collector: Collector
  /** A folder for this row alone. */
  readonly folder: string
  /** Runs a program; its spans are numbered on from the last program's. */
  readonly start: (order?: Order) => Effect.Effect<Program, never, Scope.Scope>
  /** The same, to its end. */
  readonly run: (order?: Order) => Effect.Effect<void, never, Scope.Scope>
  /** Lets that many seconds of the long form pass. */
  readonly pause: (seconds: number) => Effect.Effect<void>
  /** That many seconds of the long form, in milliseconds. */
  readonly millis: (seconds: number) => number
  /** Starts a program on the folder which only sends what it finds there. */
  readonly startAgain: Effect.Effect<void, never, Scope.Scope>
}

/** What must hold at the end of a row. Left out: nothing is lost, nothing is doubled. */
export interface Bound {
  readonly lost?: (facts: Facts) => number
  readonly doubled?: (facts: Facts) => number
  /** Of the lost, those that need not be told by number at an exit. */
  readonly untold?: (facts: Facts) => number
  /** How long each program may take to end, in milliseconds. */
  readonly endsWithin?: number
  /** What must have been logged. */
  readonly tells?: RegExp
}

/** A trouble, and what a program may lose in it. */
export interface Row {
  readonly name: string
  /** How long it takes in the long form. */
  readonly seconds: number
  /** Whether it belongs to the short form. */
  readonly isShort?: boolean
  readonly collector?: "http" | "https" | "grpc"
  readonly bound?: Bound
  /** A program that is run in the long form without tracing: what memory it takes by itself is not tracing's. */
  readonly control?: Order
  readonly play: (stage: Stage) => Effect.Effect<void, never, Scope.Scope>
}
