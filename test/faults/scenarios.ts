import { encodePartialSuccess } from "../support/otlpMessages.ts"
import type { OtlpReceiver, Reaction } from "../support/OtlpReceiver.ts"

/** What happens to the collector while a program makes spans, and how the program ends. */
export interface Scenario {
  readonly name: string
  readonly spans: number
  /** 0: in one burst. */
  readonly perSecond: number
  readonly end: "scope" | "exit" | "throw" | "wait" | "waitPlain"
  readonly signal?: "SIGTERM" | "SIGINT"
  readonly environment?: Readonly<Record<string, string>>
  /** Whether the collector is down at the start, and when it changes, in milliseconds. */
  readonly downAtStart?: boolean
  readonly downAt?: number
  readonly upAt?: number
  readonly react?: (receiver: OtlpReceiver) => void
  /** What must hold: spans lost at most, doubled at most. */
  readonly lost: number
  readonly doubled: number
}

const protobuf = { "content-type": "application/x-protobuf" }

/** Reacts like this for so long after the first request, then takes everything. */
const forMillis = (millis: number, reaction: Reaction) => (receiver: OtlpReceiver): void => {
  receiver.reactTo(({ arrivedAt }) =>
    arrivedAt - receiver.requests[0]!.arrivedAt < millis ? reaction : { _tag: "respond" }
  )
}

const always = (reaction: Reaction) => (receiver: OtlpReceiver): void => receiver.reactTo(() => reaction)
const once = (reaction: Reaction) => (receiver: OtlpReceiver): void => receiver.react({ _tag: "respond" }, reaction)

/** The scenarios; `seconds` is how long troubles last, `spans` how many spans there are. */
export const scenarios = (seconds: number, spans: number): ReadonlyArray<Scenario> => {
  const steady = { spans, perSecond: spans / (seconds * 2), end: "scope", lost: 0, doubled: 0 } as const
  const trouble = seconds * 1000
  const longEnd = { TRACING_SHUTDOWN_TIMEOUT_MS: "60000" }
  return [
    { ...steady, name: "healthy" },
    { ...steady, name: "a burst and the end", perSecond: 0 },
    { ...steady, name: "a burst of ten times as many and the end", spans: spans * 10, perSecond: 0 },
    { ...steady, name: "down at the start", downAtStart: true, upAt: trouble, environment: longEnd },
    { ...steady, name: "down for a while", downAt: trouble / 2, upAt: trouble * 1.5, environment: longEnd },
    {
      ...steady,
      name: "503, Retry-After 1",
      react: forMillis(trouble, { _tag: "respond", status: 503, headers: { "retry-after": "1" } }),
      environment: longEnd
    },
    {
      ...steady,
      name: "429, Retry-After 2",
      react: forMillis(trouble, { _tag: "respond", status: 429, headers: { "retry-after": "2" } }),
      environment: longEnd
    },
    {
      ...steady,
      name: "answers take 1 s",
      react: always({ _tag: "respond", delayMillis: 1000 }),
      environment: longEnd
    },
    { ...steady, name: "one 400", react: once({ _tag: "respond", status: 400 }) },
    {
      ...steady,
      name: "400 for a while",
      react: forMillis(trouble, { _tag: "respond", status: 400 }),
      lost: 20,
      environment: longEnd
    },
    {
      ...steady,
      name: "401 for a while",
      react: forMillis(trouble, { _tag: "respond", status: 401 }),
      environment: longEnd
    },
    { ...steady, name: "answer torn after its status", react: once({ _tag: "tear" }) },
    { ...steady, name: "connection reset after the body was taken", react: once({ _tag: "reset" }), doubled: 512 },
    {
      ...steady,
      name: "hangs once",
      react: once({ _tag: "hang" }),
      environment: { ...longEnd, OTEL_EXPORTER_OTLP_TIMEOUT: "1000" },
      doubled: 512
    },
    {
      ...steady,
      name: "partial success, 1 refused of each request",
      react: always({ _tag: "respond", headers: protobuf, body: encodePartialSuccess(1, "refused for the test") })
    },
    { ...steady, name: "SIGTERM, runMain", end: "wait", signal: "SIGTERM" },
    { ...steady, name: "SIGTERM, runPromise", end: "waitPlain", signal: "SIGTERM" },
    {
      ...steady,
      name: "SIGINT, runPromise, slow",
      end: "waitPlain",
      signal: "SIGINT",
      react: always({ _tag: "respond", delayMillis: 500 })
    },
    {
      ...steady,
      name: "SIGTERM while it is down",
      end: "waitPlain",
      signal: "SIGTERM",
      downAtStart: true,
      lost: spans
    },
    {
      ...steady,
      name: "SIGTERM while it hangs",
      end: "wait",
      signal: "SIGTERM",
      react: always({ _tag: "hang" }),
      lost: spans,
      doubled: spans
    },
    { ...steady, name: "ends while it is down", perSecond: 0, downAtStart: true, lost: spans },
    { ...steady, name: "process.exit", perSecond: 0, end: "exit", lost: spans },
    { ...steady, name: "uncaught exception", perSecond: 0, end: "throw", lost: spans }
  ]
}
