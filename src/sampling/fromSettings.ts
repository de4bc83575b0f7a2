import type { TracingSettings } from "../config/index.ts"
import { keepSlowest } from "./keepSlowest.ts"
import type { LateKeep } from "./LateKeep.ts"
import { anyOf, keepErrors, keepEvents, keepSlowerThan } from "./LateKeep.ts"
import { rateLimit } from "./rateLimit.ts"
import { ratio } from "./ratio.ts"
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
 * @category constructors
 * @since 0.1.0
 */
export const fromSettings = (settings: TracingSettings["sampling"]): SamplingPolicies => {
  const root = rootSampler(settings)
  const sampler = settings.sampler.startsWith("parentbased_") ? parentBased(root) : root
  if (root === alwaysOff) return { sampler, lateKeep: undefined }
  const { ignoredRoutes, maxTracesPerSecond } = settings
  const limited = maxTracesPerSecond === undefined ? sampler : rateLimit(maxTracesPerSecond, sampler)
  return {
    sampler: ignoredRoutes.length === 0
      ? limited
      : rules(ignoredRoutes.map((route) => ({ kind: "server", route, rate: 0 })), limited),
    lateKeep: limited === sampler && root === alwaysOn ? undefined : lateKeepOf(settings)
  }
}

const lateKeepOf = (settings: TracingSettings["sampling"]): LateKeep | undefined =>
  anyOf([
    ...(settings.keepErrors ? [keepErrors] : []),
    ...(settings.keepSlowMillis === undefined ? [] : [keepSlowerThan(settings.keepSlowMillis)]),
    ...(settings.keepSlowest === undefined ? [] : [keepSlowest(settings.keepSlowest)]),
    ...(settings.keepEvents.length === 0 ? [] : [keepEvents(settings.keepEvents)])
  ])
