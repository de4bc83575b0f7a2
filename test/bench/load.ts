import { connect } from "node:net"
import type { Socket } from "node:net"

const request = "GET /hello/world HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n"
const body = Buffer.from("\r\n\r\nhello")

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket))
    socket.setNoDelay(true)
    socket.on("error", reject)
  })

/**
 * Keeps a server busy: each connection sends its next request as soon as it has an answer. On bare sockets, so that the load
 * is never what is slow. Gives the number of answers.
 */
export const load = async (port: number, connections: number, requests: number): Promise<void> => {
  let left = requests
  const work = async (): Promise<void> => {
    const socket = await open(port)
    await new Promise<void>((resolve) => {
      const next = (): void => {
        if (left <= 0) return resolve()
        left--
        socket.write(request)
      }
      socket.on("data", (chunk) => {
        if (chunk.includes(body)) next()
      })
      next()
    })
    socket.destroy()
  }
  await Promise.all(Array.from({ length: connections }, work))
}
