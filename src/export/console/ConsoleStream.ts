/**
 * Where the console exporter writes: a Node stream, or anything that takes text.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConsoleStream {
  readonly write: (text: string) => unknown
  /** Whether it is a terminal. */
  readonly isTTY?: boolean | undefined
  /** The terminal's width, looked up before each trace: windows are resized. */
  readonly columns?: number | undefined
  readonly on?: ((event: "error", listener: (error: Error) => void) => unknown) | undefined
}

interface Health {
  error: unknown
}

// One listener for each stream, for good: the error of the last write comes after the exporter has gone.
const healths = new WeakMap<ConsoleStream, Health>()

/**
 * Watches a stream for errors, so that a reader that has gone (`EPIPE`) does not end the program, and makes a function
 * that writes to it.
 *
 * **Details**
 *
 * The function never throws; it gives the error where the text was not written, `undefined` where it was. After the stream
 * itself reported an error nothing more is written.
 *
 * @category constructors
 * @since 0.1.0
 */
export const safeWriter = (stream: ConsoleStream): (text: string) => unknown => {
  const health = healthOf(stream)
  return (text) => {
    if (health.error !== undefined) return health.error
    try {
      stream.write(text)
      return undefined
    } catch (error) {
      return error ?? new Error("the stream threw")
    }
  }
}

const healthOf = (stream: ConsoleStream): Health => {
  const known = healths.get(stream)
  if (known !== undefined) return known
  const health: Health = { error: undefined }
  healths.set(stream, health)
  stream.on?.("error", (error) => {
    health.error = error
  })
  return health
}
