import protobuf from "protobufjs"

/** Calls with the bytes of each message at this field. */
const eachMessage = (bytes: Uint8Array, field: number, call: (message: Uint8Array) => void): void => {
  const reader = protobuf.Reader.create(bytes)
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag >>> 3 === field && (tag & 7) === 2) call(reader.bytes())
    else reader.skipType(tag & 7)
  }
}

/**
 * Reads the numbers of the spans in a request of OTLP in protobuf: those of `span 17` and the like, as programs of this harness name
 * them. A million spans pass through here, so the messages are walked, not built.
 */
export const spanNumbers = (body: Uint8Array): ReadonlyArray<number> => {
  const numbers: Array<number> = []
  eachMessage(
    body,
    1,
    (resourceSpans) =>
      eachMessage(
        resourceSpans,
        2,
        (scopeSpans) =>
          eachMessage(scopeSpans, 2, (span) =>
            eachMessage(span, 5, (name) => {
              numbers.push(Number(Buffer.from(name).toString("latin1").slice("span ".length)))
            }))
      )
  )
  return numbers
}
