import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { fork } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { createServer } from "node:http"
import { connect } from "node:net"
import type { Socket } from "node:net"
import { hostileValue, propagationHeaders, seeded } from "../propagation/hostileHeaders.ts"

// Usage: node --conditions=effect-tracing-source test/bench/hostileHeaders.ts [ROUNDS]
//
// How long a server of ours takes for requests with 1,000 hostile values in every propagation header at once, against clean
// requests and against the same bytes in headers nobody reads; and what it keeps of them. The server is a process of its own.

const serve = async (isTraced: boolean): Promise<void> => {
  const { Tracing } = await import("../../src/index.ts")
  const tracing = Tracing.layerWith({
    config: {
      enabled: isTraced,
      propagators: ["tracecontext", "baggage", "b3", "b3multi", "jaeger"],
      logLevel: "none"
    }
  })
  const layer = HttpRouter.serve(HttpRouter.add("GET", "/", HttpServerResponse.text("ok")), {
    disableLogger: true,
    disableListenLog: true
  }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => createServer({ maxHeaderSize: 2 ** 20 }), { port: 0, host: "127.0.0.1" })
    ),
    Layer.provideMerge(tracing)
  )
  const services = await ManagedRuntime.make(layer).context()
  const { address } = Context.get(services, HttpServer.HttpServer)
  process.on("message", () => {
    globalThis.gc?.()
    process.send?.(process.memoryUsage().heapUsed)
  })
  process.on("disconnect", () => process.exit())
  process.send?.("port" in address ? address.port : 0)
}

const message = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("message", (value) => resolve(Number(value)))
    child.once("exit", (code) => reject(new Error(`The server ended with code ${code}`)))
  })

/** What a server reads of a value: one byte a character, no line breaks or control bytes, which it would refuse with 400. */
const sendable = (value: string): string =>
  Buffer.from(value.toWellFormed(), "utf8").toString("latin1").replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "").slice(
    0,
    60_000
  )

const requestWith = (headers: ReadonlyArray<readonly [name: string, value: string]>): Buffer =>
  Buffer.from(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
    "latin1"
  )

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket))
    socket.setNoDelay(true)
    socket.once("error", reject)
  })

const end = Buffer.from("\r\n\r\nok")

/** Milliseconds from sending a request until its answer is there. */
const ask = (socket: Socket, request: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    let answer = Buffer.alloc(0)
    const onData = (chunk: Buffer): void => {
      answer = Buffer.concat([answer, chunk])
      if (!answer.includes(end)) return
      socket.off("data", onData)
      if (answer.includes("HTTP/1.1 200 ")) resolve(performance.now() - began)
      else reject(new Error(answer.toString("latin1").slice(0, 200)))
    }
    socket.on("data", onData)
    socket.write(request)
  })

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

const measure = async (rounds: number): Promise<void> => {
  const random = seeded(20_26)
  const hostile = Array.from({ length: 1000 }, () => propagationHeaders.map(() => sendable(hostileValue(random))))
  const kinds = {
    clean: hostile.map(() => requestWith([])),
    "same bytes, headers nobody reads": hostile.map((values) => requestWith(values.map((v, i) => [`x-other-${i}`, v]))),
    hostile: hostile.map((values) => requestWith(values.map((v, i) => [propagationHeaders[i]!, v])))
  }
  for (const variant of ["untraced", "traced"]) {
    const child = fork(import.meta.filename, [variant], { execArgv: [...process.execArgv, "--expose-gc"] })
    const port = await message(child)
    const socket = await open(port)
    const times: Record<string, Array<number>> = {}
    const heaps: Array<number> = []
    for (let round = 0; round <= rounds; round++) {
      for (let i = 0; i < 1000; i++) {
        for (const [kind, requests] of Object.entries(kinds)) {
          const took = await ask(socket, requests[i]!)
          // The first round warms up.
          if (round > 0) (times[kind] ??= []).push(took)
        }
      }
      const heap = message(child)
      child.send({})
      heaps.push(await heap)
    }
    child.removeAllListeners("exit")
    child.kill("SIGKILL")
    socket.destroy()
    const clean = median(times["clean"]!)
    console.log(variant)
    for (const [kind, values] of Object.entries(times)) {
      const sorted = values.toSorted((a, b) => a - b)
      console.log(
        `  ${kind}: ${median(values).toFixed(3)} ms median (${(median(values) / clean).toFixed(2)}x clean), ` +
          `${sorted[Math.floor(sorted.length * 0.99)]!.toFixed(3)} ms at 99 %`
      )
    }
    console.log(`  heap after each 1,000 of each: ${heaps.map((heap) => (heap / 2 ** 20).toFixed(1)).join(", ")} MiB`)
  }
}

const [argument] = process.argv.slice(2)
if (argument === "traced" || argument === "untraced") await serve(argument === "traced")
else await measure(Number(argument ?? 2))
