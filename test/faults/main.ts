// Prints what is lost and doubled under each trouble: `npm run test:faults [-- seconds spans [name]]`.
import { Effect } from "effect"
import { run } from "./run.ts"
import { scenarios } from "./scenarios.ts"

const [seconds = "10", spans = "20000", only = ""] = process.argv.slice(2)

const program = Effect.forEach(
  scenarios(Number(seconds), Number(spans)).filter(({ name }) => name.includes(only)),
  (scenario) =>
    Effect.tap(run(scenario), (outcome) =>
      Effect.sync(() => {
        const { code, delay, doubled, early, ending, isMet, lost, memory, name, told } = outcome
        process.stdout.write(
          `${
            isMet ? "ok  " : "FAIL"
          } | ${name} | lost ${lost} | doubled ${doubled} | early ${early} | memory +${memory} MiB | ` +
            `delay ${delay} ms | ended in ${ending} ms (${code}) | ${told}\n`
        )
      }))
)

await Effect.runPromise(program).then((outcomes) => {
  if (outcomes.some(({ isMet }) => !isMet)) process.exitCode = 1
})
