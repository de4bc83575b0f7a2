import { marker } from "./marker.ts"

/** A secret found in a text, and what goes in its place. */
export interface Finding {
  readonly kind: string
  readonly start: number
  readonly end: number
  readonly replacement: string
}

interface TokenFormat {
  readonly kind: string
  /** How a token begins: part of the trigger, in any case. */
  readonly prefix: string
  /** The whole token, case and length checked. Sticky, one class of characters after another: it cannot backtrack far. */
  readonly pattern: RegExp
  readonly accept?: (token: string) => boolean
}

const hasDigit = (text: string): boolean => /[0-9]/.test(text)
const isMixed = (text: string): boolean => hasDigit(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)

/**
 * What gives itself away by its first letters.
 *
 * Sources: the issuers' own documentation of their formats.
 */
const formats: ReadonlyArray<TokenFormat> = [
  // RFC 7519, RFC 7516: a JSON object in Base64url, then two to four more parts.
  { kind: "jwt", prefix: "eyJ", pattern: /eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){2,4}/y },
  { kind: "aws_key", prefix: "A(?:KI|SI|BI|CC)A", pattern: /A(?:KI|SI|BI|CC)A[A-Z2-7]{16}(?![A-Za-z0-9_-])/y },
  { kind: "github_token", prefix: "gh[pousr]_", pattern: /gh[pousr]_[A-Za-z0-9]{36,255}(?![A-Za-z0-9_-])/y },
  { kind: "github_token", prefix: "github_pat_", pattern: /github_pat_[A-Za-z0-9_]{22,255}(?![A-Za-z0-9_-])/y },
  {
    kind: "gitlab_token",
    prefix: "gl(?:pat|dt|ft|rt|soat|cbt|ptt|agent|imt|ffct|oas)-",
    pattern: /gl[a-z]+-[A-Za-z0-9_.-]{20,}/y,
    accept: hasDigit
  },
  { kind: "slack_token", prefix: "xox[a-z]-", pattern: /xox[a-z]-[A-Za-z0-9-]{10,}/y, accept: hasDigit },
  { kind: "slack_token", prefix: "xapp-", pattern: /xapp-[A-Za-z0-9-]{10,}/y, accept: hasDigit },
  { kind: "stripe_key", prefix: "[srp]k_(?:live|test)_", pattern: /[srp]k_(?:live|test)_[A-Za-z0-9]{10,}/y },
  { kind: "stripe_key", prefix: "whsec_", pattern: /whsec_[A-Za-z0-9+/=]{16,}/y },
  { kind: "google_key", prefix: "AIza", pattern: /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/y },
  { kind: "google_key", prefix: "GOCSPX-", pattern: /GOCSPX-[A-Za-z0-9_-]{20,}/y },
  { kind: "google_token", prefix: "ya29\\.", pattern: /ya29\.[A-Za-z0-9_-]{20,}/y },
  { kind: "npm_token", prefix: "npm_", pattern: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_-])/y },
  { kind: "pypi_token", prefix: "pypi-", pattern: /pypi-[A-Za-z0-9_-]{32,}/y, accept: isMixed },
  { kind: "ai_key", prefix: "sk-", pattern: /sk-[A-Za-z0-9_-]{20,}/y, accept: isMixed },
  { kind: "huggingface_token", prefix: "hf_", pattern: /hf_[A-Za-z0-9]{30,}(?![A-Za-z0-9_-])/y, accept: isMixed },
  { kind: "sendgrid_key", prefix: "SG\\.", pattern: /SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/y },
  { kind: "digitalocean_token", prefix: "do[opr]_v1_", pattern: /do[opr]_v1_[a-f0-9]{64}(?![A-Za-z0-9_-])/y },
  { kind: "shopify_token", prefix: "shp[a-z]{2}_", pattern: /shp[a-z]{2}_[a-fA-F0-9]{32}(?![A-Za-z0-9_-])/y }
]

// A token begins where no other word goes on, or after a percent-encoded character: so no part of a text belongs to two
// candidates, and looking at each whole stays linear.
const boundary = "(?:(?<=%[0-9a-f]{2})|(?<![a-z0-9_.-]))"

/** Finds where a token may begin; case is not looked at. */
export const tokenTrigger = `${boundary}(?:${formats.map((format) => format.prefix).join("|")})`

/** Reads the token that begins at `index`. */
export const findToken = (text: string, index: number): Finding | undefined => {
  for (const { accept, kind, pattern } of formats) {
    pattern.lastIndex = index
    const match = pattern.exec(text)
    if (match === null || (accept !== undefined && !accept(match[0]))) continue
    return { kind, start: index, end: pattern.lastIndex, replacement: marker(kind) }
  }
  return undefined
}

/** Finds a Slack web hook, which is a secret by its path. */
export const webhookTrigger = "hooks\\.slack\\.com/(?:services|workflows|triggers)/"

const webhookPattern = /[A-Za-z0-9/_-]{8,}/y

/** Reads the path of the web hook that follows at `index`. */
export const findWebhook = (text: string, index: number): Finding | undefined => {
  webhookPattern.lastIndex = index
  const kind = "slack_webhook"
  return webhookPattern.test(text)
    ? { kind, start: index, end: webhookPattern.lastIndex, replacement: marker(kind) }
    : undefined
}

/** Finds where a PEM block may begin. */
export const pemTrigger = "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"

/** Reads the private key that begins at `index`: to its end, or to the end of the text where it was cut off. */
export const findPem = (text: string, index: number): Finding => {
  const kind = "private_key"
  const footer = text.indexOf("-----END", index)
  const close = footer < 0 ? -1 : text.indexOf("KEY-----", footer)
  return { kind, start: index, end: close < 0 ? text.length : close + 8, replacement: marker(kind) }
}

/** Finds the authentication schemes of HTTP in front of what may be their credentials. */
export const schemeTrigger = "\\b(?:bearer|basic)(?:[ \\t]{1,4}|%20)(?=[a-z0-9+/])"

const bearerPattern = /[A-Za-z0-9._~+/=-]{8,}/y
const basicPattern = /[A-Za-z0-9+/_-]{6,}={0,2}(?![A-Za-z0-9])/y

const isCapitalisedOrLower = (word: string): boolean => /^[A-Za-z]?[a-z.,-]*$/.test(word)

// RFC 7617: user and password joined by a colon, so what is no such pair is a word like "authentication".
const isBasicPair = (text: string): boolean => {
  const decoded = Buffer.from(text.slice(0, 1024), "base64").toString("latin1")
  return decoded.includes(":") && /^[\x20-\x7e\x80-\xff]+$/.test(decoded)
}

/** Reads the credentials that follow the scheme found from `index` to `end`. */
export const findScheme = (text: string, index: number, end: number): Finding | undefined => {
  const isBearer = text.startsWith("ear", index + 1) || text.startsWith("EAR", index + 1)
  const pattern = isBearer ? bearerPattern : basicPattern
  pattern.lastIndex = end
  const value = pattern.exec(text)?.[0]
  if (value === undefined) return undefined
  const isSecret = isBearer ? value.length >= 24 || !isCapitalisedOrLower(value) : isBasicPair(value)
  const kind = isBearer ? "bearer" : "basic"
  return isSecret ? { kind, start: end, end: end + value.length, replacement: marker(kind) } : undefined
}
