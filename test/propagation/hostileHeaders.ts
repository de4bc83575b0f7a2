/** A generator of the same numbers on every run (mulberry32), so that a failure can be had again. */
export const seeded = (seed: number): () => number => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

const pieces = [
  "00-12345678901234567890123456789012-1234567890123456-01",
  "-",
  "00",
  "ff",
  "=",
  ",",
  ";",
  ":",
  "%",
  "%00",
  "%ff",
  "%E2%82",
  "\0",
  "\r\n",
  "\t",
  " ",
  "\u2028",
  "é",
  "😀",
  "\ud800",
  "a",
  "foo=1",
  "ot=th:c",
  "{",
  "'",
  "*/",
  "/*",
  "__proto__",
  "constructor",
  "0".repeat(32),
  "f".repeat(16)
]

const longest = 64 * 1024

/** Makes a header value meant to do harm: long, odd, huge lists, control bytes, broken encodings. */
export const hostileValue = (random: () => number): string => {
  const length = Math.floor(random() ** 4 * longest)
  const kind = Math.floor(random() * 4)
  const piece = () => pieces[Math.floor(random() * pieces.length)]!
  switch (kind) {
    case 0:
      return piece().repeat(Math.ceil(length / 8)).slice(0, longest)
    case 1: {
      let text = ""
      while (text.length < length) text += piece()
      return text
    }
    case 2:
      return Array.from({ length: Math.min(length, 20_000) }, (_, index) => `k${index}=${piece()}`).join(",")
    default:
      return Array.from({ length: Math.min(length, 4096) }, () => String.fromCharCode(Math.floor(random() * 0x300)))
        .join("")
  }
}

/** The headers of every propagator, and that of the correlation id. */
export const propagationHeaders = [
  "traceparent",
  "tracestate",
  "baggage",
  "b3",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-sampled",
  "x-b3-flags",
  "uber-trace-id",
  "uberctx-key",
  "x-correlation-id"
]
