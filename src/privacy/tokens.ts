import { forEachRun, wordCharacters } from "./characters.ts"
import type { Scanner } from "./Finding.ts"
import { marker } from "./marker.ts"

interface TokenFormat {
  readonly kind: string
  /** How tokens of this format begin. */
  readonly prefixes: ReadonlyArray<string>
  /** The whole token: sticky, one class of characters after another, so that it cannot backtrack far. */
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
  { kind: "jwt", prefixes: ["eyJ"], pattern: /eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){2,4}/y },
  {
    kind: "aws_key",
    prefixes: ["AKIA", "ASIA", "ABIA", "ACCA"],
    pattern: /A[A-Z]{3}[A-Z2-7]{16}(?![A-Za-z0-9_-])/y
  },
  {
    kind: "github_token",
    prefixes: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    pattern: /gh[a-z]_[A-Za-z0-9]{36,255}(?![A-Za-z0-9_-])/y
  },
  { kind: "github_token", prefixes: ["github_pat_"], pattern: /github_pat_[A-Za-z0-9_]{22,255}(?![A-Za-z0-9_-])/y },
  {
    kind: "gitlab_token",
    prefixes: ["pat", "dt", "ft", "rt", "soat", "cbt", "ptt", "agent", "imt", "ffct", "oas"].map((kind) =>
      `gl${kind}-`
    ),
    pattern: /gl[a-z]+-[A-Za-z0-9_.-]{20,}/y,
    accept: hasDigit
  },
  {
    kind: "slack_token",
    prefixes: ["xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"],
    pattern: /x[a-z]{3}[-.][A-Za-z0-9-]{10,}/y,
    accept: hasDigit
  },
  {
    kind: "stripe_key",
    prefixes: ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_"],
    pattern: /[srp]k_[a-z]{4}_[A-Za-z0-9]{10,}/y
  },
  { kind: "stripe_key", prefixes: ["whsec_"], pattern: /whsec_[A-Za-z0-9+/=]{16,}/y },
  { kind: "google_key", prefixes: ["AIza"], pattern: /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/y },
  { kind: "google_key", prefixes: ["GOCSPX-"], pattern: /GOCSPX-[A-Za-z0-9_-]{20,}/y },
  { kind: "google_token", prefixes: ["ya29."], pattern: /ya29\.[A-Za-z0-9_-]{20,}/y },
  { kind: "npm_token", prefixes: ["npm_"], pattern: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_-])/y },
  { kind: "pypi_token", prefixes: ["pypi-"], pattern: /pypi-[A-Za-z0-9_-]{32,}/y, accept: isMixed },
  { kind: "ai_key", prefixes: ["sk-"], pattern: /sk-[A-Za-z0-9_-]{20,}/y, accept: isMixed },
  { kind: "huggingface_token", prefixes: ["hf_"], pattern: /hf_[A-Za-z0-9]{30,}(?![A-Za-z0-9_-])/y, accept: isMixed },
  { kind: "sendgrid_key", prefixes: ["SG."], pattern: /SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/y },
  {
    kind: "digitalocean_token",
    prefixes: ["dop_v1_", "doo_v1_", "dor_v1_"],
    pattern: /do[a-z]_v1_[a-f0-9]{64}(?![A-Za-z0-9_-])/y
  },
  {
    kind: "shopify_token",
    prefixes: ["shpat_", "shpca_", "shppa_", "shpss_"],
    pattern: /shp[a-z]{2}_[a-fA-F0-9]{32}(?![A-Za-z0-9_-])/y
  }
]

/** The kinds of tokens that are told by their first letters. */
export const tokenKinds: ReadonlyArray<string> = formats.map(({ kind }) => kind)

// Formats by the first character of their prefixes: most words begin with none of them.
const byFirst = new Map<number, Array<readonly [prefix: string, format: TokenFormat]>>()
for (const format of formats) {
  for (const prefix of format.prefixes) {
    const first = prefix.charCodeAt(0)
    byFirst.set(first, [...byFirst.get(first) ?? [], [prefix, format]])
  }
}

/** No format has a shorter token. */
const shortestToken = 15

/** Where the word of a run begins: behind `%3D` and the like, which are characters of their own. */
export const wordStart = (text: string, start: number): number =>
  text.charCodeAt(start - 1) === 0x25 && /^[0-9A-Fa-f]{2}/.test(text.slice(start, start + 2)) ? start + 2 : start

/**
 * Finds tokens that give themselves away by their first letters. A token begins where a run of letters, digits, `_`, `-` and `.` does: so no
 * part of a text belongs to two candidates.
 */
export const scanTokens: Scanner = (text, found) => {
  forEachRun(text, wordCharacters, shortestToken, (runStart) => {
    const start = wordStart(text, runStart)
    for (const [prefix, { accept, kind, pattern }] of byFirst.get(text.charCodeAt(start)) ?? []) {
      if (!text.startsWith(prefix, start)) continue
      pattern.lastIndex = start
      const token = pattern.exec(text)?.[0]
      if (token === undefined || (accept !== undefined && !accept(token))) continue
      found.push({ kind, start, end: start + token.length, replacement: marker(kind) })
      return
    }
  })
}
