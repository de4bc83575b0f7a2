const prefix = "[redacted:"

/** What stands in for a secret: it says what was there, and so why it is gone. */
export const marker = (kind: string): string => `${prefix}${kind}]`

/** What the semantic conventions put in place of credentials in URLs. */
export const conventionalMarker = "REDACTED"

const others = /^(?:REDACTED\b|<redacted|\*{3})/i

/** Whether a secret was taken out here before, by us, by Effect's `Redacted` or by somebody else. */
export const isMarkerAt = (text: string, index: number): boolean =>
  text.startsWith(prefix, index) || others.test(text.slice(index, index + 12))
