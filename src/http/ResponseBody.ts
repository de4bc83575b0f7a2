import * as Clock from "effect/Clock"
import type * as Tracer from "effect/Tracer"
import { ClientMemo } from "./ClientMemo.ts"

// A body ends outside of every fiber.
const clock = Clock.Clock.defaultValue()

const isOpen = (span: Tracer.AnySpan): span is Tracer.Span => span._tag === "Span" && span.status._tag === "Started"

/** Whether the program wants to know of the body of the response to this span's request. */
export const wantsResponseBody = (span: Tracer.Span): boolean =>
  "memo" in span && span.memo instanceof ClientMemo && span.memo.tracing.responseBody === true

/**
 * The body of a response while it arrives. The client's span has ended with the headers by then, so the span around it is
 * told, if that is still open: nothing waits for a body nobody reads.
 */
export class ResponseBody {
  private readonly client: Tracer.Span
  private readonly began: bigint
  private readonly declared: number | undefined
  private received = 0

  constructor(client: Tracer.Span, contentLength: string | undefined) {
    this.client = client
    this.began = clock.currentTimeNanosUnsafe()
    this.declared = contentLength !== undefined && /^\d{1,15}$/.test(contentLength) ? Number(contentLength) : undefined
    client.attribute("http.response.body.size", this.declared)
  }

  add(bytes: number): void {
    this.received += bytes
  }

  end(isComplete: boolean): void {
    const around = this.client.parent
    if (around._tag === "None" || !isOpen(around.value)) return
    const now = clock.currentTimeNanosUnsafe()
    const size = this.received > 0 ? this.received : isComplete ? this.declared : undefined
    around.value.event("http.response.body", now, {
      "http.request.span_id": this.client.spanId,
      "http.response.body.duration_ms": Number(now - this.began) / 1e6,
      "http.response.body.complete": isComplete,
      ...(size === undefined ? {} : { "http.response.body.size": size })
    })
  }
}
