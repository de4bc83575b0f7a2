import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js"
import { Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js"
import { Effect } from "effect"
import type { Scope } from "effect"
import { encodePartialSuccess } from "../support/otlpMessages.ts"
import type { Collector, CollectorRequest } from "./Collector.ts"
import { CollectorLog } from "./Collector.ts"
import { spanNumbers } from "./spanNumbers.ts"

/** The codes that stand for statuses of HTTP. */
const codes: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  429: status.RESOURCE_EXHAUSTED,
  503: status.UNAVAILABLE
}

const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([number << 3 | 2, bytes.length]), bytes])

/** `google.rpc.Status` with a `google.rpc.RetryInfo` of so many seconds. */
const retryInfo = (seconds: number): Metadata => {
  const metadata = new Metadata()
  const delay = field(1, Buffer.from([1 << 3, seconds]))
  const any = Buffer.concat([field(1, Buffer.from("type.googleapis.com/google.rpc.RetryInfo")), field(2, delay)])
  metadata.set("grpc-status-details-bin", field(3, any))
  return metadata
}

const respond = (
  log: CollectorLog,
  call: ServerUnaryCall<Buffer, Buffer>,
  answer: sendUnaryData<Buffer>,
  received: CollectorRequest
): void => {
  const { numbers, reaction } = received
  switch (reaction._tag) {
    case "take": {
      const refused = Math.min(reaction.refused ?? 0, numbers.length)
      const body = refused > 0 ? Buffer.from(encodePartialSuccess(refused, "refused for the test")) : Buffer.alloc(0)
      setTimeout(() => {
        received.isAnswered = !call.cancelled
        answer(null, body)
      }, reaction.delayMillis ?? 0)
      return
    }
    case "refuse": {
      const seconds = Number(reaction.retryAfter ?? 0)
      if (seconds > 0) log.askForPause(seconds * 1000)
      received.isAnswered = true
      answer({
        code: codes[reaction.status] ?? status.UNKNOWN,
        details: reaction.body ?? "",
        metadata: seconds > 0 ? retryInfo(seconds) : new Metadata()
      })
      return
    }
    case "reset":
    case "tear":
    case "garble":
      answer({ code: status.CANCELLED, details: "broken off for the test" })
      return
    case "hang":
  }
}

const exportMethod = {
  path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes
} as const

/** A collector that speaks OTLP by gRPC's own server, on a free port of the loopback interface. Closed with the scope. */
export const makeGrpcCollector = Effect.fnUntraced(function*(
  { raceMillis = 0 }: { readonly raceMillis?: number } = {}
): Effect.fn.Return<Collector, never, Scope.Scope> {
  const log = new CollectorLog(raceMillis)
  let server: Server | undefined
  const listen = (port: number): Effect.Effect<number> =>
    Effect.callback((resume) => {
      const opened = new Server()
      opened.addService({ Export: exportMethod }, {
        Export: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
          log.begin()
          respond(log, call, answer, log.add(spanNumbers(call.request)))
        }
      })
      opened.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
        server = opened
        resume(error === null ? Effect.succeed(bound) : Effect.die(error))
      })
    })
  const stop = Effect.sync(() => {
    server?.forceShutdown()
    server = undefined
  })
  const port = yield* Effect.acquireRelease(listen(0), () => stop)
  return {
    environment: {
      TRACING_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc"
    },
    requests: log.requests,
    get early() {
      return log.early
    },
    reactTo: (decide) => log.reactTo(decide),
    stop,
    start: Effect.suspend(() => Effect.asVoid(listen(port))),
    breakConnections: () => {}
  }
})
