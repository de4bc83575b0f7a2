/** What a program of the harness does; handed over as JSON in `FAULTS_PLAN`. */
export interface Plan {
  /** Number of its first span. */
  readonly first: number
  readonly spans: number
  /** Over how long it makes them, evenly, in milliseconds; 0: as fast as it can. */
  readonly overMillis: number
  /** In so many bursts instead, a pause between each two. */
  readonly bursts: number
  /** How long it lives on after its last span, in milliseconds. */
  readonly lingerMillis: number
  /** `scope`: it is done; `exit`: it calls `process.exit`; `throw`: an exception nobody catches. */
  readonly end: "scope" | "exit" | "throw"
  /** Whether it is run so that a signal ends it in good order, or such that only tracing listens for signals. */
  readonly runner: "runMain" | "runPromise"
}
