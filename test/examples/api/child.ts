import type { Effect, Scope } from "effect"
import type { Child } from "../child.ts"
import { startExample } from "../child.ts"

/** Starts the service, or a worker. */
export const start = (
  args: ReadonlyArray<string>,
  env?: Readonly<Record<string, string>>
): Effect.Effect<Child, never, Scope.Scope> => startExample("scraper-api", ["stdout"], args, env)
