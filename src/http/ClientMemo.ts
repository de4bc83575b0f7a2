import type { ClientTracing } from "./HttpTracing.ts"
import type { Resend } from "./resends.ts"

/** What a client span remembers until it ends. */
export class ClientMemo {
  readonly resend: Resend | undefined
  readonly tracing: ClientTracing

  constructor(resend: Resend | undefined, tracing: ClientTracing) {
    this.resend = resend
    this.tracing = tracing
  }
}
