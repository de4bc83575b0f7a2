import { isOf, schemeCharacters } from "./characters.ts"
import type { Finding } from "./Finding.ts"
import { conventionalMarker, isMarkerAt, marker } from "./marker.ts"

const authorityPattern = /[^\s/?#"'`<>\\]*/y
// Passwords with a slash, hash or question mark in them, as people write them into connection strings.
const carelessPattern = /[^\s@"'`<>\\/?#:]{0,64}:[^\s@"'`<>\\]{1,256}@/y
const longestScheme = 32
const webSchemes = new Set(["http", "https", "ws", "wss", "ftp", "ftps"])

const schemeBefore = (text: string, end: number): string => {
  let start = end
  while (end - start < longestScheme && isOf(schemeCharacters, text, start - 1)) start--
  return text.slice(start, end).toLowerCase()
}

/** Where the user information of the URL whose authority begins at `start` ends, which is at its `@`; -1 where it has none. */
export const userInfoEnd = (text: string, start: number): number => {
  authorityPattern.lastIndex = start
  const authority = authorityPattern.exec(text)![0]
  const at = authority.lastIndexOf("@")
  if (at >= 0) return start + at
  if (!authority.includes(":") || /:\d{0,5}$/.test(authority)) return -1
  carelessPattern.lastIndex = start
  return carelessPattern.test(text) ? carelessPattern.lastIndex - 1 : -1
}

/**
 * Finds the user information of the URL whose authority begins at `start`. On the web it goes as the conventions say
 * (`REDACTED:REDACTED@`); of other addresses, which are connection strings, the user's name stays.
 */
export const findUserInfo = (text: string, start: number): Finding | undefined => {
  const end = userInfoEnd(text, start)
  if (end <= start) return undefined
  const scheme = schemeBefore(text, start - 3)
  // The marker of a user's name has a colon of its own.
  const userInfo = text.slice(start, end)
  const colon = userInfo.indexOf(":", isMarkerAt(text, start) ? userInfo.indexOf("]") : 0)
  if (scheme !== "" && !webSchemes.has(scheme)) {
    const password = start + colon + 1
    return colon < 0 || password === end || isMarkerAt(text, password)
      ? undefined
      : { kind: "password", start: password, end, replacement: marker("password") }
  }
  if (isMarkerAt(text, start)) return undefined
  const replacement = colon < 0 ? conventionalMarker : `${conventionalMarker}:${conventionalMarker}`
  return { kind: "url_credentials", start, end, replacement }
}

const webhook = /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9/_-]{8,})/y

/** Finds the path of a Slack web hook, which is its secret, in the URL whose authority begins at `start`. */
export const findWebhook = (text: string, start: number): Finding | undefined => {
  webhook.lastIndex = start
  const path = webhook.exec(text)?.[1]
  if (path === undefined) return undefined
  const end = webhook.lastIndex
  return { kind: "slack_webhook", start: end - path.length, end, replacement: marker("slack_webhook") }
}
