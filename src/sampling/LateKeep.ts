import type { SpanEvent, StatusCode } from "../model/index.ts"

/**
 * Why a trace was kept although the sampler had said no when it began: a span with error status, a long duration, an event,
 * because the program said so, or because a kept trace links to it.
 *
 * @category models
 * @since 0.1.0
 */
export type KeepReason = "error" | "slow" | "event" | "forced" | "linked"

/**
 * What late keeping looks at: a span that has just ended.
 *
 * @category models
 * @since 0.1.0
 */
export interface LateKeepInput {
  readonly name: string
  readonly statusCode: StatusCode
  /** Nanoseconds since the Unix epoch. */
  readonly startTime: bigint
  /** Nanoseconds since the Unix epoch. */
  readonly endTime: bigint
  readonly events: ReadonlyArray<SpanEvent>
}

/**
 * Keeps traces in spite of the sampler for what happens in them.
 *
 * @category models
 * @since 0.1.0
 */
export interface LateKeep {
  readonly description: string
  /** The reason to keep the whole trace this span belongs to, if it gives one. */
  readonly reasonOf: (span: LateKeepInput, isLocalRoot: boolean) => KeepReason | undefined
}

/**
 * Keeps traces with an error: any span of error status.
 *
 * @category policies
 * @since 0.1.0
 */
export const keepErrors: LateKeep = {
  description: "errors",
  reasonOf: (span) => span.statusCode === "error" ? "error" : undefined
}

/**
 * Keeps traces whose first span here lasts at least so long.
 *
 * @param millis milliseconds, at least 0
 * @category policies
 * @since 0.1.0
 */
export const keepSlowerThan = (millis: number): LateKeep => {
  const nanos = BigInt(Math.round(millis * 1e6))
  return {
    description: `slower than ${millis} ms`,
    reasonOf: (span, isLocalRoot) => isLocalRoot && span.endTime - span.startTime >= nanos ? "slow" : undefined
  }
}

/**
 * Keeps traces in which one of these events was recorded.
 *
 * @category policies
 * @since 0.1.0
 */
export const keepEvents = (names: ReadonlyArray<string>): LateKeep => ({
  description: `events ${names.join(", ")}`,
  reasonOf: (span) => span.events.some((event) => names.includes(event.name)) ? "event" : undefined
})

/**
 * Keeps what any of the policies keeps; `undefined` where there is none.
 *
 * @category constructors
 * @since 0.1.0
 */
export const anyOf = (policies: ReadonlyArray<LateKeep>): LateKeep | undefined =>
  policies.length <= 1 ? policies[0] : {
    description: policies.map((policy) => policy.description).join(", "),
    // Each is asked, because one may be counting.
    reasonOf: (span, isLocalRoot) => {
      let reason: KeepReason | undefined
      for (const policy of policies) reason = policy.reasonOf(span, isLocalRoot) ?? reason
      return reason
    }
  }
