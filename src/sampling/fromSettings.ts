import type { TracingSettings } from "../config/index.ts"
import { keepSlowest } from "./keepSlowest.ts"
import type { LateKeep } from "./LateKeep.ts"
import { anyOf, keepErrors, keepEvents, keepSlowerThan } from "./LateKeep.ts"
import { rateLimit } from "./rateLimit.ts"
import { ratio } from "./ratio.ts"
import type { SamplingRule } from "./rules.ts"
import { rules } from "./rules.ts"
import type { Sampler } from "./Sampler.ts"
import { alwaysOff, alwaysOn, parentBased } from "./Sampler.ts"

/**
 * What the settings say about sampling, as policies.
 *
 * @category models
 * @since 0.1.0
 */
export interface SamplingPolicies {
  readonly sampler: Sampler
  /** What is kept in spite of the sampler; `undefined` where nothing is. */
  readonly lateKeep: LateKeep | undefined
}

const rootSampler = (settings: TracingSettings["sampling"]): Sampler => {
  if (settings.sampler.endsWith("always_on")) return alwaysOn
  if (settings.sampler.endsWith("always_off")) return alwaysOff
  return settings.ratio >= 1 ? alwaysOn : settings.ratio <= 0 ? alwaysOff : ratio(settings.ratio)
}

/**
 * Makes the policies of the settings.
 *
 * **Details**
 *
 * Errors and slow traces are kept late only at a ratio between 0 and 1, or under a limit of traces per second: at 1 there is nothing
 * to keep, and at 0 nothing is recorded, so that tracing costs nothing.
 *
 * @param list rules, which take the place of the ratio where they match
 * @category constructors
 * @since 0.1.0
 */
export const fromSettings = (
  settings: TracingSettings["sampling"],
  list: ReadonlyArray<SamplingRule> = []
): SamplingPolicies => {
  const root = rootSampler(settings)
  const ruled = list.length === 0 ? root : rules(list, root)
  const sampler = settings.sampler.startsWith("parentbased_") ? parentBased(ruled) : ruled
  if (ruled === alwaysOff) return { sampler, lateKeep: undefined }
  const { ignoredRoutes, maxTracesPerSecond } = settings
  const limited = maxTracesPerSecond === undefined ? sampler : rateLimit(maxTracesPerSecond, sampler)
  return {
    sampler: ignoredRoutes.length === 0
      ? limited
      : rules(ignoredRoutes.map((route) => ({ kind: "server", route, rate: 0 })), limited),
    lateKeep: root === alwaysOff || (isAllOf(root, list) && limited === sampler) ? undefined : lateKeepOf(settings)
  }
}

/** Whether nothing is left to chance: all traces are sampled, or dropped for good. */
const isAllOf = (root: Sampler, list: ReadonlyArray<SamplingRule>): boolean =>
  root === alwaysOn && list.every(({ rate }) => rate <= 0 || rate >= 1)

const lateKeepOf = (settings: TracingSettings["sampling"]): LateKeep | undefined =>
  anyOf([
    ...(settings.keepErrors ? [keepErrors] : []),
    ...(settings.keepSlowMillis === undefined ? [] : [keepSlowerThan(settings.keepSlowMillis)]),
    ...(settings.keepSlowest === undefined ? [] : [keepSlowest(settings.keepSlowest)]),
    ...(settings.keepEvents.length === 0 ? [] : [keepEvents(settings.keepEvents)])
  ])
