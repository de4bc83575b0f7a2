import picocolors from "picocolors"
import type { EndedSpan } from "../../model/index.ts"
import type { Tone } from "./describeSpan.ts"

/**
 * Writes text in a colour, or as it is.
 *
 * @category models
 * @since 0.1.0
 */
export type Paint = (text: string) => string

/**
 * What the colours of a waterfall mean.
 *
 * @category models
 * @since 0.1.0
 */
export interface Palette {
  readonly title: Paint
  readonly good: Paint
  readonly quiet: Paint
  readonly notable: Paint
  readonly wrong: Paint
  readonly tone: (tone: Tone) => Paint
  /** The colour of a span's bar: what kind of work it is. */
  readonly bar: (span: EndedSpan) => Paint
}

const make = (enabled: boolean): Palette => {
  const colors = picocolors.createColors(enabled)
  const tones: Record<Tone, Paint> = { quiet: colors.dim, notable: colors.yellow, wrong: colors.red }
  return {
    title: colors.bold,
    good: colors.green,
    quiet: colors.dim,
    notable: colors.yellow,
    wrong: colors.red,
    tone: (tone) => tones[tone],
    bar: (span) => {
      if (span.statusCode === "error") return colors.red
      if (span.attributes.has("db.system.name")) return colors.magenta
      switch (span.kind) {
        case "client":
          return colors.cyan
        case "server":
          return colors.blue
        case "producer":
        case "consumer":
          return colors.yellow
        default:
          return colors.green
      }
    }
  }
}

const colored = make(true)
const plain = make(false)

/**
 * The palette for a stream with colours, or without.
 *
 * @category constructors
 * @since 0.1.0
 */
export const paletteFor = (color: boolean): Palette => color ? colored : plain
