import { Context, Effect, Layer } from "effect"
import { isatty } from "node:tty"
import pc from "picocolors"

/**
 * Writes for the person who watches: to stdout, or to stderr where stdout is for another program.
 *
 * @category services
 * @since 0.1.0
 */
export class Terminal extends Context.Service<Terminal, {
  /** Writes lines that stay. */
  readonly print: (text: string) => Effect.Effect<void>
  /** Shows a line until the next is shown or printed. Does nothing where the line could not be taken back. */
  readonly show: (text: string) => Effect.Effect<void>
  /** Whether a line can be taken back. */
  readonly interactive: boolean
  readonly columns: number
  readonly colors: ReturnType<typeof pc.createColors>
  readonly color: boolean
}>()("wordpress-scraper/report/Terminal") {
  static readonly layer = (stream: NodeJS.WriteStream & { readonly fd: number }): Layer.Layer<Terminal> =>
    Layer.sync(Terminal, () => {
      const interactive = isatty(stream.fd)
      const color = interactive && stream.hasColors()
      const columns = Math.max(60, Math.min(stream.columns || 100, 140))
      let shown = false
      const takeBack = () => {
        if (shown) stream.write("\r\u001B[2K")
        shown = false
      }
      return Terminal.of({
        print: (text) =>
          Effect.sync(() => {
            takeBack()
            stream.write(`${text}\n`)
          }),
        show: (text) =>
          Effect.sync(() => {
            if (!interactive) return
            takeBack()
            stream.write(text.slice(0, columns - 1))
            shown = true
          }),
        interactive,
        columns,
        colors: pc.createColors(color),
        color
      })
    })
}
