/**
 * The command line: `effect-tracing doctor`, `show` and `env`.
 */
export { command } from "./command.ts"
