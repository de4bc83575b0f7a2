import { Context, Effect, Layer } from "effect"
import type { Tally } from "../pipeline/Tally.ts"
import { Terminal } from "./Terminal.ts"

/** Where a line cannot be taken back, a run prints about so many of them. */
const lines = 10

const barWidth = 24

const bar = (share: number): string => {
  const full = Math.round(share * barWidth)
  return "█".repeat(full) + "░".repeat(barWidth - full)
}

/**
 * Says how far a run is.
 *
 * @category services
 * @since 0.1.0
 */
export class Progress extends Context.Service<Progress, {
  readonly say: (text: string) => Effect.Effect<void>
  readonly discovering: (found: number) => Effect.Effect<void>
  readonly scraping: (tally: Tally) => Effect.Effect<void>
}>()("wordpress-scraper/report/Progress") {
  static readonly layer: Layer.Layer<Progress, never, Terminal> = Layer.effect(
    Progress,
    Effect.map(Terminal, (terminal) => {
      let printed = 0
      const scraping = (tally: Tally): Effect.Effect<void> => {
        const { discovered, done, failures, gone, scraped, unchanged } = tally
        const parts = [
          `${scraped} scraped`,
          ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
          ...(gone > 0 ? [`${gone} gone`] : []),
          ...(failures.length > 0 ? [`${failures.length} failed`] : [])
        ].join(", ")
        const of = `${String(done).padStart(String(discovered).length)} of ${discovered}`
        if (terminal.interactive) {
          return terminal.show(`${bar(discovered === 0 ? 1 : done / discovered)} ${of}  ${parts}`)
        }
        if (done < discovered && done - printed < discovered / lines) return Effect.void
        printed = done
        return terminal.print(`  ${of}  ${parts}`)
      }
      return Progress.of({
        say: (text) => terminal.print(text),
        discovering: (found) => terminal.show(`discovered ${found} …`),
        scraping
      })
    })
  )
}
