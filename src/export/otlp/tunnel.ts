import * as http from "node:http"
import * as net from "node:net"
import * as tls from "node:tls"
import { detached } from "../untraced.ts"
import type { Proxy } from "./proxy.ts"
import { hostOf, portOf, proxyAuthorization, showProxy } from "./proxy.ts"

/**
 * Says that it was the proxy that failed, and not who is behind it.
 */
export class ProxyError extends Error {}

/**
 * Hears that a connection stands, or why it does not.
 */
export type Connected = (result: net.Socket | ProxyError) => void

/**
 * What bounds the making of a connection.
 */
export interface Patience {
  readonly timeoutMillis: number
  readonly signal: AbortSignal
}

/** No proxy has more to say before the tunnel begins. */
const longestHead = 16 * 1024
const longestTimer = 2_147_483_647

/**
 * Begins TLS over a connection that stands, or is being made, with the host of a URL.
 */
export const startTls = (
  socket: net.Socket,
  url: URL,
  options: tls.SecureContextOptions & {
    readonly ALPNProtocols: Array<string>
  }
): tls.TLSSocket => {
  const host = hostOf(url)
  return tls.connect({ ...options, socket, host, ...(net.isIP(host) === 0 ? { servername: host } : undefined) })
}

const dial = ({ url }: Proxy): net.Socket => {
  const plain = net.connect({ host: hostOf(url), port: portOf(url) })
  return url.protocol === "http:" ? plain : startTls(plain, url, { ALPNProtocols: ["http/1.1"] })
}

/**
 * Connects to a proxy and does what comes before the connection can be used. It does not keep the process alive.
 */
const prepare = (
  proxy: Proxy,
  { signal, timeoutMillis }: Patience,
  connected: Connected,
  begin: (socket: net.Socket, ready: () => void, fail: (why: string) => void) => void
): void => {
  const socket = detached(() => dial(proxy)).unref()
  let isSettled = false
  const settle = (): boolean => {
    if (isSettled) return false
    socket.setTimeout(0)
    signal.removeEventListener("abort", onAbort)
    return isSettled = true
  }
  const fail = (why: string): void => {
    if (!settle()) return
    socket.destroy()
    connected(new ProxyError(`the proxy ${showProxy(proxy)} ${why}`))
  }
  const onError = (error: NodeJS.ErrnoException): void => fail(`cannot be reached (${error.code ?? error.message}).`)
  const onClose = (): void => fail("closed the connection.")
  const onAbort = (): void => fail("is not waited for any longer.")
  socket.setTimeout(Math.min(timeoutMillis, longestTimer), () => fail(`does not answer within ${timeoutMillis} ms.`))
  socket.on("error", onError)
  socket.on("close", onClose)
  signal.addEventListener("abort", onAbort)
  socket.once(
    proxy.url.protocol === "https:" ? "secureConnect" : "connect",
    () =>
      begin(socket, () => {
        if (!settle()) return
        socket.off("error", onError)
        socket.off("close", onClose)
        connected(socket)
      }, fail)
  )
}

/**
 * Connects to a proxy that is asked for each request by its whole address.
 */
export const connectToProxy = (proxy: Proxy, patience: Patience, connected: Connected): void =>
  prepare(proxy, patience, connected, (_socket, ready) => ready())

const refusalOf = (status: number, authority: string, proxy: Proxy): string =>
  status === 407
    ? `wants credentials (407). Write them into its address: ${proxy.variable}=http://user:password@${proxy.url.host}.`
    : `opens no way to ${authority} (${status} ${http.STATUS_CODES[status] ?? ""}).`

/**
 * Connects to an address through a proxy, which then hands on bytes as they are (`CONNECT`).
 */
export const openTunnel = (proxy: Proxy, target: URL, patience: Patience, connected: Connected): void =>
  prepare(proxy, patience, connected, (socket, ready, fail) => {
    const authority = `${target.hostname}:${portOf(target)}`
    const headers = { host: authority, ...proxyAuthorization(proxy) }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    let head = Buffer.alloc(0)
    const read = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf("\r\n\r\n")
      if (end < 0 && head.length < longestHead) return
      socket.off("data", read)
      socket.pause()
      const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head.toString("latin1"))?.[1] ?? 0)
      if (end < 0 || status === 0) return fail("does not speak HTTP.")
      if (status < 200 || status > 299) return fail(refusalOf(status, authority, proxy))
      // A server may speak first.
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4))
      ready()
    }
    socket.on("data", read)
    socket.write(`CONNECT ${authority} HTTP/1.1\r\n${lines.join("")}\r\n`)
  })
