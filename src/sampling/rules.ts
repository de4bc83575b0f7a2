import type { SpanKind } from "effect/Tracer"
import type { AttributeValue } from "../model/index.ts"
import { globMatcher } from "./glob.ts"
import { ratio } from "./ratio.ts"
import type { Sampler, SamplingDecision, SamplingInput } from "./Sampler.ts"
import { allKinds, alwaysOff, alwaysOn } from "./Sampler.ts"

/**
 * What a text has to be: a glob (`*` for any characters, `?` for one) or a predicate.
 *
 * @category models
 * @since 0.1.0
 */
export type TextMatch = string | ((text: string) => boolean)

/**
 * Which spans a rule is about, and at what rate their traces are kept. All conditions given must hold.
 *
 * @category models
 * @since 0.1.0
 */
export interface SamplingRule {
  readonly name?: TextMatch | undefined
  readonly kind?: SpanKind | undefined
  /** `http.route` or, before a route is known, `url.path`. */
  readonly route?: TextMatch | undefined
  /** `server.address`: of a client span the host that is called. */
  readonly host?: TextMatch | undefined
  /** By key; values are compared as text. */
  readonly attributes?:
    | Readonly<Record<string, TextMatch | ((value: AttributeValue.AttributeValue) => boolean)>>
    | undefined
  /** From 0 to 1. At 0 the trace is dropped for good: not even an error keeps it. */
  readonly rate: number
}

const textMatcher = (match: TextMatch): (text: string) => boolean =>
  typeof match === "string" ? globMatcher(match) : match

type Condition = (input: SamplingInput) => boolean

const onAttribute =
  (keys: ReadonlyArray<string>, match: (value: AttributeValue.AttributeValue) => boolean): Condition => (input) => {
    for (const key of keys) {
      const value = input.attributes.get(key)
      if (value !== undefined) return match(value)
    }
    return false
  }

const onText = (keys: ReadonlyArray<string>, match: TextMatch): Condition => {
  const matches = textMatcher(match)
  return onAttribute(keys, (value) => matches(String(value)))
}

/** Besides the kind. */
const conditionsOf = (rule: SamplingRule): ReadonlyArray<Condition> => {
  const conditions: Array<Condition> = []
  const { attributes, host, name, route } = rule
  if (name !== undefined) {
    const matches = textMatcher(name)
    conditions.push((input) => matches(input.name))
  }
  if (route !== undefined) conditions.push(onText(["http.route", "url.path"], route))
  if (host !== undefined) conditions.push(onText(["server.address"], host))
  for (const [key, match] of Object.entries(attributes ?? {})) {
    const matches = typeof match === "string" ? globMatcher(match) : undefined
    conditions.push(
      onAttribute(
        [key],
        matches === undefined
          ? match as (value: AttributeValue.AttributeValue) => boolean
          : (value) => matches(String(value))
      )
    )
  }
  return conditions
}

const describe = (rule: SamplingRule): string => {
  const shown = (match: unknown) => typeof match === "string" ? match : "<predicate>"
  const parts = [
    ...(rule.kind === undefined ? [] : [`kind=${rule.kind}`]),
    ...(rule.name === undefined ? [] : [`name=${shown(rule.name)}`]),
    ...(rule.route === undefined ? [] : [`route=${shown(rule.route)}`]),
    ...(rule.host === undefined ? [] : [`host=${shown(rule.host)}`]),
    ...Object.entries(rule.attributes ?? {}).map(([key, match]) => `${key}=${shown(match)}`)
  ]
  return `${parts.join(" ")} -> ${rule.rate}`
}

const samplerOf = (rate: number): Sampler => rate >= 1 ? alwaysOn : rate <= 0 ? alwaysOff : ratio(rate)

const kindsOf = (rules: ReadonlyArray<SamplingRule>, otherwise: Sampler): ReadonlySet<SpanKind> => {
  const kinds = new Set(otherwise.readsAttributesOf)
  for (const rule of rules) {
    const readsAttributes = rule.route !== undefined || rule.host !== undefined || rule.attributes !== undefined
    if (readsAttributes) { for (const kind of rule.kind === undefined ? allKinds : [rule.kind]) kinds.add(kind) }
  }
  return kinds
}

const dropForGood: SamplingDecision = { decision: "drop", mayBeKept: false }

/**
 * Samples each trace at the rate of the first rule its first span matches, and as `otherwise` says if it matches none.
 *
 * **Example**
 *
 * ```ts
 * import { alwaysOn, rules } from "effect-tracing/sampling"
 *
 * export const sampler = rules([
 *   { kind: "server", route: "/assets/*", rate: 0 },
 *   { host: "*.example.com", rate: 0.1 },
 *   { attributes: { "tenant.plan": "enterprise" }, rate: 1 }
 * ], alwaysOn)
 * ```
 *
 * @category samplers
 * @since 0.1.0
 */
export const rules = (list: ReadonlyArray<SamplingRule>, otherwise: Sampler): Sampler => {
  const compiled = list.map((rule) => ({
    kind: rule.kind,
    conditions: conditionsOf(rule),
    sampler: samplerOf(rule.rate),
    isFinal: rule.rate <= 0
  }))
  // Most rules are about one kind of span, and most spans are of another.
  const ofKind = (kind: SpanKind) => compiled.filter((rule) => rule.kind === undefined || rule.kind === kind)
  const byKind = {
    internal: ofKind("internal"),
    server: ofKind("server"),
    client: ofKind("client"),
    producer: ofKind("producer"),
    consumer: ofKind("consumer")
  }
  return {
    description: `Rules{${list.map(describe).join("; ")}; otherwise=${otherwise.description}}`,
    scope: otherwise.scope,
    readsAttributesOf: kindsOf(list, otherwise),
    decide: (input) => {
      for (const { conditions, isFinal, sampler } of byKind[input.kind]) {
        if (conditions.every((condition) => condition(input))) return isFinal ? dropForGood : sampler.decide(input)
      }
      return otherwise.decide(input)
    }
  }
}
