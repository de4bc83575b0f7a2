import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as NetAddress from "effect/net/NetAddress"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { createHash, timingSafeEqual } from "node:crypto"
import { NetworkAddress } from "../../conventions/index.ts"

/**
 * Who may see the details: this machine only, whoever sends `Authorization: Bearer <token>`, or everybody.
 *
 * @category models
 * @since 0.1.0
 */
export type Access = "loopback" | "anyone" | { readonly token: Redacted.Redacted }

const isLoopback = (address: string): boolean => {
  const parsed = NetAddress.ipFromString(NetworkAddress.cleanAddress(address))
  return Result.isSuccess(parsed) && NetAddress.isLoopback(parsed.success)
}

/** A page of a stranger can make a browser here ask us, under the stranger's name. */
const namesThisMachine = (host: string | undefined): boolean => {
  const address = host === undefined ? undefined : NetworkAddress.parseAuthority(host)?.address
  return address !== undefined && (address === "localhost" || isLoopback(address))
}

const isFromThisMachine = ({ headers, peerAddress }: HttpServerRequest): boolean =>
  Option.exists(peerAddress, isLoopback) && namesThisMachine(headers["host"]) &&
  headers["forwarded"] === undefined && headers["x-forwarded-for"] === undefined

const digest = (text: string): Uint8Array => createHash("sha256").update(text).digest()

const hasToken = ({ headers }: HttpServerRequest, token: Redacted.Redacted): boolean => {
  const given = /^Bearer +(\S+)$/i.exec(headers["authorization"] ?? "")?.[1]
  return given !== undefined && timingSafeEqual(digest(given), digest(Redacted.value(token)))
}

const refusal = (
  status: number,
  error: string,
  headers?: Record<string, string>
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(`${JSON.stringify({ error })}\n`, {
    status,
    contentType: "application/json",
    headers: { ...headers, "cache-control": "no-store" }
  })

/** The answer to a request that may not see the details; `undefined` to one that may. */
export const refuse = (
  access: Access,
  request: HttpServerRequest
): HttpServerResponse.HttpServerResponse | undefined => {
  if (access === "anyone") return undefined
  if (access === "loopback") {
    return isFromThisMachine(request)
      ? undefined
      : refusal(403, "Only shown to this machine; the option `access` of Observability.routes takes a token instead.")
  }
  return hasToken(request, access.token)
    ? undefined
    : refusal(401, "Send the token as `Authorization: Bearer <token>`.", { "www-authenticate": "Bearer" })
}
