import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { TracingSettings } from "../config/index.ts"
import type { SamplingPolicies } from "./fromSettings.ts"
import { fromSettings } from "./fromSettings.ts"
import type { SamplingRule } from "./rules.ts"
import { SamplingError } from "./SamplingError.ts"

/**
 * What may be changed while the program runs: the settings of sampling, and rules, which only code can give. What is left out stays
 * as it is.
 *
 * @category models
 * @since 0.1.0
 */
export type SamplingAdjustment =
  & { readonly [K in keyof TracingSettings["sampling"]]?: TracingSettings["sampling"][K] }
  & {
    /** The rate of the first rule that a trace's first span matches wins over the ratio; default none. */
    readonly rules?: ReadonlyArray<SamplingRule>
  }

/**
 * How traces are sampled now.
 *
 * @category models
 * @since 0.1.0
 */
export interface SamplingState {
  /** The settings in force: those the program began with, and what was changed since. */
  readonly settings: TracingSettings["sampling"]
  readonly rules: ReadonlyArray<SamplingRule>
  /** The sampler and, after it, what is kept in spite of it. */
  readonly description: ReadonlyArray<string>
  /** Whether anything was changed since the program began. */
  readonly isAdjusted: boolean
}

/**
 * Changes how traces are sampled while the program runs: more of them while something is being looked into, fewer in a flood.
 *
 * **Details**
 *
 * `TracingLive` provides it. A change holds for the traces that begin after it; those that have begun go on as decided. All parts of
 * the program that share a pipeline share its sampling. The status, `Tracing.sampling` and {@link SamplingState} tell what is in
 * force; the settings that were resolved at the start stay those of the start.
 *
 * **Example**
 *
 * ```ts
 * import { Effect } from "effect"
 * import { SamplingControl } from "effect-tracing/sampling"
 *
 * // Everything for ten minutes, then again as the program was started.
 * export const lookCloser = Effect.gen(function*() {
 *   const sampling = yield* SamplingControl
 *   yield* sampling.setRatio(1)
 *   yield* Effect.sleep("10 minutes").pipe(Effect.ensuring(sampling.reset))
 * })
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class SamplingControl extends Context.Service<SamplingControl, {
  readonly current: Effect.Effect<SamplingState>
  /**
   * Keeps this part of all traces, from 0 to 1; as with `TRACING_SAMPLING_RATE`, whether the parent is followed stays as it is.
   * Fails on any other number.
   */
  readonly setRatio: (ratio: number) => Effect.Effect<void, SamplingError>
  /** Replaces the rules. Fails if the rate of one is not from 0 to 1. */
  readonly setRules: (rules: ReadonlyArray<SamplingRule>) => Effect.Effect<void, SamplingError>
  /** Changes several things at once. Fails, and changes nothing, if one of them is not allowed. */
  readonly adjust: (adjustment: SamplingAdjustment) => Effect.Effect<void, SamplingError>
  /** Takes all changes back. */
  readonly reset: Effect.Effect<void>
}>()("effect-tracing/sampling/SamplingControl") {}

const isRate = (value: number): boolean => value >= 0 && value <= 1
const aRate = "a number from 0 to 1"

const problemsOf = (adjustment: SamplingAdjustment): SamplingError["problems"] => {
  const problems: Array<SamplingError["problems"][number]> = []
  const check = (
    name: string,
    value: number | undefined,
    isAllowed: (value: number) => boolean,
    allowed: string
  ): void => {
    if (value !== undefined && !isAllowed(value)) problems.push({ name, value: String(value), allowed })
  }
  check("ratio", adjustment.ratio, isRate, aRate)
  check("keepSlowest", adjustment.keepSlowest, isRate, aRate)
  check("keepSlowMillis", adjustment.keepSlowMillis, (millis) => millis > 0, "a number of milliseconds above 0")
  check(
    "maxTracesPerSecond",
    adjustment.maxTracesPerSecond,
    (limit) => limit >= 0.001 && limit <= 1e9,
    "a number from 0.001 to 1000000000"
  )
  adjustment.rules?.forEach((rule, index) => check(`rules[${index}].rate`, rule.rate, isRate, aRate))
  return problems
}

/** A ratio needs a sampler that has one, as it does in the environment. */
const samplerFor = (
  { ratio, sampler }: SamplingAdjustment,
  now: TracingSettings["sampling"]["sampler"]
): TracingSettings["sampling"]["sampler"] => {
  if (sampler !== undefined) return sampler
  if (ratio === undefined) return now
  return now.startsWith("parentbased_") ? "parentbased_traceidratio" : "traceidratio"
}

const lateKeepFields = ["keepErrors", "keepSlowMillis", "keepSlowest", "keepEvents"] as const

/**
 * Makes the control of the policies that a pipeline reads.
 *
 * @param policies what is in force, of the settings or of the program's own; replaced in place
 * @param settings what changes are made to
 * @category constructors
 * @since 0.1.0
 */
export const makeSamplingControl = (
  policies: { -readonly [K in keyof SamplingPolicies]: SamplingPolicies[K] },
  settings: TracingSettings["sampling"]
): SamplingControl["Service"] => {
  const { lateKeep, sampler } = policies
  const atStart: Omit<SamplingState, "description"> = { settings, rules: [], isAdjusted: false }
  let state = atStart
  let known = lateKeep

  const apply = ({ rules = state.rules, ...changes }: SamplingAdjustment): void => {
    const before = state.settings
    const after = { ...before, ...changes, sampler: samplerFor(changes, before.sampler) }
    const made = fromSettings(after, rules)
    // What is not changed stays the same policy: it may be the program's own, and it may have learned what is slow.
    if (lateKeepFields.some((field) => field in changes)) known = made.lateKeep
    else known ??= made.lateKeep
    policies.sampler = made.sampler
    policies.lateKeep = made.lateKeep === undefined ? undefined : known
    state = { settings: after, rules, isAdjusted: true }
  }

  const adjust = (adjustment: SamplingAdjustment): Effect.Effect<void, SamplingError> =>
    Effect.suspend(() => {
      const problems = problemsOf(adjustment)
      if (problems.length > 0) return Effect.fail(new SamplingError({ problems }))
      return Effect.sync(() => apply(adjustment))
    })

  return {
    current: Effect.sync(() => ({
      ...state,
      description: policies.lateKeep === undefined
        ? [policies.sampler.description]
        : [policies.sampler.description, policies.lateKeep.description]
    })),
    setRatio: (ratio) => adjust({ ratio }),
    setRules: (rules) => adjust({ rules }),
    adjust,
    reset: Effect.sync(() => {
      policies.sampler = sampler
      policies.lateKeep = lateKeep
      state = atStart
      known = lateKeep
    })
  }
}
