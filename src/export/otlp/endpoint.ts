/**
 * The address of a receiver.
 */
export interface ReceiverAddress {
  /** Of a receiver behind a socket what is asked for there: the host says nothing. */
  readonly url: URL
  /** The path of a Unix socket, in place of host and port. */
  readonly socketPath: string | undefined
}

/** Reads the address of a receiver; `undefined` where it is none. */
export const parseEndpoint = (endpoint: string): ReceiverAddress | undefined => {
  const socketPath = /^unix:(?:\/\/(?=\/))?(.+)$/s.exec(endpoint)?.[1]
  if (socketPath !== undefined) return { url: new URL("http://localhost/v1/traces"), socketPath }
  const url = URL.parse(endpoint)
  return url?.protocol === "http:" || url?.protocol === "https:" ? { url, socketPath: undefined } : undefined
}

/**
 * Shows an endpoint without what may be secret in it: credentials and query.
 */
export const showEndpoint = (endpoint: string, isGrpc: boolean): string => {
  const address = parseEndpoint(endpoint)
  if (address === undefined) return endpoint
  const { socketPath, url } = address
  return socketPath === undefined ? `${url.protocol}//${url.host}${isGrpc ? "" : url.pathname}` : `unix:${socketPath}`
}
