import type { FieldPath } from "../Field.ts"
import * as Kind from "../Kind.ts"
import { first, type Settings, tracing } from "../Setting.ts"

// A name and the stars in it: a regular expression of the environment could take for ever on a hostile key, this cannot.
const keyPattern = /^(?=.*[A-Za-z0-9])[A-Za-z0-9*_.[\] -]{1,128}$/
const keyList = Kind.listOf(
  Kind.matching(keyPattern, "a key"),
  "a comma list of keys, such as customer_id,x-tenant-*, where * is any characters"
)
const kindList = Kind.listOf(
  Kind.matching(/^[a-z][a-z0-9_]{0,63}$/, "a kind"),
  "a comma list of kinds as the markers name them, such as card,session"
)

/**
 * Settings of what is taken out before it leaves the process.
 *
 * @category settings
 * @since 0.1.0
 */
export const privacySettings: Settings<Extract<FieldPath, `privacy.${string}`>> = {
  "privacy.logs": {
    description: "Takes secrets out of log lines before any logger sees them.",
    kind: Kind.flag,
    fallback: () => true,
    sources: first(tracing("REDACT_LOGS", Kind.flag))
  },
  "privacy.keys": {
    description: "Keys whose values are secret, besides those that always are.",
    kind: keyList,
    fallback: () => [],
    fallbackText: "none",
    sources: first(tracing("REDACT_KEYS", keyList))
  },
  "privacy.exceptKeys": {
    description: "Keys that are never secret, whatever else says so.",
    kind: keyList,
    fallback: () => [],
    fallbackText: "none",
    sources: first(tracing("REDACT_EXCEPT_KEYS", keyList))
  },
  "privacy.exceptKinds": {
    description: "Kinds of secrets that are left alone.",
    kind: kindList,
    fallback: () => [],
    fallbackText: "none",
    sources: first(tracing("REDACT_EXCEPT_KINDS", kindList))
  },
  "privacy.email": {
    description: "Takes e-mail addresses out as well.",
    kind: Kind.flag,
    fallback: () => false,
    sources: first(tracing("REDACT_EMAIL", Kind.flag))
  }
}
