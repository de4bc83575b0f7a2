import type { StatusCode } from "../model/index.ts"

/**
 * Why a trace was kept although the sampler had said no when it began: a span with error status, a long duration, because
 * the program said so, or because a kept trace links to it.
 *
 * @category models
 * @since 0.1.0
 */
export type KeepReason = "error" | "slow" | "forced" | "linked"

/**
 * What late keeping looks at: a span that has just ended.
 *
 * @category models
 * @since 0.1.0
 */
export interface LateKeepInput {
  readonly statusCode: StatusCode
  /** Nanoseconds since the Unix epoch. */
  readonly startTime: bigint
  /** Nanoseconds since the Unix epoch. */
  readonly endTime: bigint
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
 * Makes the policy of the settings: traces with an error, and traces of at least the given duration.
 *
 * @param options.errors whether a span with error status keeps its trace (`TRACING_KEEP_ERRORS`)
 * @param options.slowMillis milliseconds from which on a trace's first span keeps it (`TRACING_KEEP_SLOW_MS`)
 * @category constructors
 * @since 0.1.0
 */
export const lateKeep = (options: {
  readonly errors: boolean
  readonly slowMillis: number | undefined
}): LateKeep | undefined => {
  if (!options.errors && options.slowMillis === undefined) return undefined
  const slowNanos = options.slowMillis === undefined ? undefined : BigInt(Math.round(options.slowMillis * 1e6))
  const parts = [
    ...(options.errors ? ["errors"] : []),
    ...(options.slowMillis === undefined ? [] : [`slower than ${options.slowMillis} ms`])
  ]
  return {
    description: parts.join(", "),
    reasonOf: (span, isLocalRoot) => {
      if (options.errors && span.statusCode === "error") return "error"
      if (slowNanos !== undefined && isLocalRoot && span.endTime - span.startTime >= slowNanos) return "slow"
      return undefined
    }
  }
}
