import * as Fiber from "effect/Fiber"
import { CorrelationId } from "../propagation/index.ts"
import { flagsAndStateOf } from "./remoteContext.ts"

type Annotations = Readonly<Record<string, unknown>>

const inspect = Symbol.for("nodejs.util.inspect.custom")

const currentSpan = () => Fiber.getCurrent()?.cache.span

/** The ids a log line of the running fiber has; names and forms as in OpenTelemetry's "Trace Context in non-OTLP Log Formats". */
const ids: Readonly<Record<string, () => string | undefined>> = {
  trace_id: () => currentSpan()?.traceId,
  span_id: () => currentSpan()?.spanId,
  trace_flags: () => {
    const span = currentSpan()
    return span === undefined ? undefined : flagsAndStateOf(span).traceFlags.toString(16).padStart(2, "0")
  },
  correlation_id: () => Fiber.getCurrent()?.getRef(CorrelationId)
}

/** The names of {@link ids}: the span's event of a log line needs none of them. */
export const isLogId = (key: string): boolean => Object.hasOwn(ids, key)

/** An id that is read each time it is printed, as text, JSON or by Node's `inspect`. */
class LateId {
  private readonly read: () => string | undefined

  constructor(read: () => string | undefined) {
    this.read = read
  }

  toString(): string {
    return this.read() ?? ""
  }

  toJSON(): string | undefined {
    return this.read()
  }

  [inspect](): string | undefined {
    return this.read()
  }
}

const lateIds = new Map(Object.entries(ids).map(([key, read]) => [key, new LateId(read)]))

/** Asked for by `{ ...annotations }`, passed over by `Object.keys` and `Object.entries`: so the first copies, the others print. */
const copyMark = Symbol("effect-tracing/tracer/logAnnotations")

/** What stands behind the proxy. Node's `inspect` looks here, past the proxy, and is told what a printer would see. */
class Around {
  constructor(around: Annotations) {
    Object.assign(this, around)
  }

  [inspect](): Annotations {
    const known = Object.entries(ids).flatMap(([key, read]) => {
      const id = read()
      return id === undefined ? [] : [[key, id]]
    })
    return { ...Object.fromEntries(known), ...Object.fromEntries(Object.entries(this)) }
  }
}

/**
 * Makes log annotations that hold the ids of whichever span and work a line is logged in, beside those already around.
 *
 * **Details**
 *
 * Every logger prints annotations, so every logger gets the ids, and nothing is done before something is logged. Printed, the annotations
 * have the ids there are: none outside of spans. Copied, as `Effect.annotateLogs` does, they have all of them, as objects that are read
 * when they are printed, because the copy may be printed in another span than the one it is made in.
 *
 * A copy begins by asking for the one key that is a symbol, which whoever lists entries never asks for; that tells the two apart.
 */
export const makeLogAnnotations = (around: Annotations): Annotations => {
  const target = new Around(around)
  const keys = [copyMark, ...Object.keys(ids).filter((key) => !Object.hasOwn(around, key)), ...Object.keys(around)]
  let isCopying = false

  const valueOf = (key: string | symbol): unknown => {
    if (typeof key !== "string" || Object.hasOwn(around, key)) return Reflect.get(target, key)
    return isCopying ? lateIds.get(key) : ids[key]?.()
  }

  return new Proxy<Annotations>(target as unknown as Annotations, {
    ownKeys: () => {
      isCopying = false
      return keys
    },
    getOwnPropertyDescriptor: (_, key) => {
      if (key === copyMark) {
        isCopying = true
        return undefined
      }
      const value = valueOf(key)
      return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: true }
    },
    get: (_, key) => valueOf(key),
    has: (_, key) => valueOf(key) !== undefined
  })
}
