import * as http from "node:http"
import type { AddressInfo } from "node:net"

// Reads and throws away what is posted to it, in a process of its own. It counts the spans by path, without decoding them.

/** Reads a protobuf varint at `at`: its value, and where the next field begins. */
const varint = (bytes: Buffer, at: number): readonly [value: number, next: number] => {
  let value = 0
  for (let shift = 0;; shift += 7) {
    const byte = bytes[at++]!
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return [value, at]
  }
}

/** Counts the messages at field 1 (resource spans), 2 (scope spans), 2 (spans). */
const countProtobuf = (bytes: Buffer, start: number, end: number, depth: number): number => {
  const wanted = depth === 0 ? 1 : 2
  let count = 0
  for (let at = start; at < end;) {
    const [tag, afterTag] = varint(bytes, at)
    // Besides messages and texts there is nothing at these levels.
    const [length, body] = varint(bytes, afterTag)
    if (tag >> 3 === wanted) count += depth === 2 ? 1 : countProtobuf(bytes, body, body + length, depth + 1)
    at = body + length
  }
  return count
}

const countJson = (bytes: Buffer): number => {
  let count = 0
  for (let at = bytes.indexOf("\"spanId\""); at >= 0; at = bytes.indexOf("\"spanId\"", at + 8)) count++
  return count
}

const counts = new Map<string, number>()

const server = http.createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    const isJson = request.headers["content-type"] === "application/json"
    response.writeHead(200, { "content-type": isJson ? "application/json" : "application/x-protobuf" })
    response.end(isJson ? "{}" : undefined)
    const body = Buffer.concat(chunks)
    const path = request.url ?? ""
    counts.set(path, (counts.get(path) ?? 0) + (isJson ? countJson(body) : countProtobuf(body, 0, body.length, 0)))
  })
})
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on("message", ({ path }: { readonly path: string }) => process.send?.({ count: counts.get(path) ?? 0 }))
