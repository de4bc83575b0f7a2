import type { RouteTracing } from "./HttpTracing.ts"

/** What a server span remembers until it ends. */
export class ServerMemo {
  /** The method as it came. */
  readonly method: string
  readonly hasDefaultName: boolean
  readonly clientAddress: string | undefined
  /** What the route said of itself. */
  route: RouteTracing | undefined = undefined

  constructor(method: string, hasDefaultName: boolean, clientAddress: string | undefined) {
    this.method = method
    this.hasDefaultName = hasDefaultName
    this.clientAddress = clientAddress
  }
}
