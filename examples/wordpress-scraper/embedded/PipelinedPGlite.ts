import { PGlite } from "@electric-sql/pglite"
import type { ExecProtocolOptionsStream } from "@electric-sql/pglite"

const parse = 0x50
const bind = 0x42
const describe = 0x44
const execute = 0x45
const close = 0x43
const flush = 0x48

/** The messages of the extended query protocol which a Sync must follow. */
const opening: ReadonlySet<number> = new Set([parse, bind, describe, execute, close, flush])

/**
 * Keeps the statements of several connections apart on PGlite's one session.
 *
 * **Details**
 *
 * The socket server hands PGlite one protocol message at a time, and lets
 * connections take turns between any two messages unless the session is inside
 * a transaction. A prepared statement is five messages that share the unnamed
 * portal (Parse, Bind, Describe, Execute, Sync), so two connections could bind
 * each other's parameters. Reporting an unfinished sequence as a transaction
 * makes the server stay with the connection until its Sync.
 *
 * @category models
 * @since 0.1.0
 */
export class PipelinedPGlite extends PGlite {
  #sequenceOpen = false

  override isInTransaction(): boolean {
    return this.#sequenceOpen || super.isInTransaction()
  }

  override execProtocolRawStream(message: Uint8Array, options: ExecProtocolOptionsStream): Promise<void> {
    this.#sequenceOpen = opening.has(message[0] ?? 0)
    return super.execProtocolRawStream(message, options)
  }

  /** The socket server rolls back through this when a connection is lost half way. */
  override exec(...args: Parameters<PGlite["exec"]>): ReturnType<PGlite["exec"]> {
    this.#sequenceOpen = false
    return super.exec(...args)
  }
}
