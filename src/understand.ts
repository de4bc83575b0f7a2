import * as Result from "effect/Result"
import type { Problem, TracingSettings } from "./config/index.ts"
import { Redactor, secretKinds } from "./privacy/index.ts"
import { OwnHosts, Trust } from "./propagation/index.ts"

/** What settings mean whose values only the rooms can read that use them. */
export interface Understood {
  readonly ownHosts: OwnHosts.OwnHosts
  readonly trust: Trust.Trust
  readonly redactor: Redactor.Redactor
}

/** The rules of the settings and those made of code, together. */
const rulesOf = (
  privacy: TracingSettings["privacy"],
  rules: Redactor.Rules
): Result.Result<Redactor.Rules, { readonly message: string }> => {
  const unknown = privacy.exceptKinds.filter((kind) =>
    !secretKinds.has(kind) && !(rules.patterns ?? []).some((pattern) => pattern.kind === kind)
  )
  if (unknown.length > 0) {
    const known = Array.from(secretKinds).toSorted().join(", ")
    return Result.fail({ message: `there is no kind ${unknown.join(", ")}; expected some of ${known}` })
  }
  return Result.succeed({
    patterns: rules.patterns,
    keys: [...privacy.keys, ...(rules.keys ?? [])],
    exceptKeys: [...privacy.exceptKeys, ...(rules.exceptKeys ?? [])],
    exceptKinds: [...privacy.exceptKinds, ...(rules.exceptKinds ?? [])],
    email: rules.email ?? privacy.email
  })
}

/** Reads the lists of hosts, peers and kinds of secrets; fails with all that cannot be understood of them. */
export const understand = (
  settings: TracingSettings,
  privacy: Redactor.Rules = {}
): Result.Result<Understood, ReadonlyArray<Problem>> => {
  const ownHosts = OwnHosts.make(settings.propagationTargets)
  const trust = Trust.make({ mode: settings.trustIncoming, trustedPeers: settings.trustedPeers })
  const rules = rulesOf(settings.privacy, privacy)
  if (Result.isSuccess(ownHosts) && Result.isSuccess(trust) && Result.isSuccess(rules)) {
    return Result.succeed({
      ownHosts: ownHosts.success,
      trust: trust.success,
      redactor: Redactor.make(rules.success)
    })
  }
  const read: ReadonlyArray<readonly [name: string, Result.Result<unknown, { readonly message: string }>]> = [
    ["TRACING_PROPAGATION_TARGETS", ownHosts],
    ["TRACING_TRUSTED_PEERS", trust],
    ["TRACING_REDACT_EXCEPT_KINDS", rules]
  ]
  return Result.fail(
    read.flatMap(([name, result]) =>
      Result.isFailure(result) ? { name, line: `${name}: ${result.failure.message}` } : []
    )
  )
}
