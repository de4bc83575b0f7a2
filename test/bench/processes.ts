import type { ChildProcess } from "node:child_process"
import { fork } from "node:child_process"

/** Starts a module in a process of its own, without the variables that set up tracing. */
export const start = (
  module: string,
  args: ReadonlyArray<string>,
  execArgv: ReadonlyArray<string> = []
): ChildProcess => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OTEL|TRACING|NODE)_/.test(name))
  )
  return fork(module, [...args], { execArgv: [...execArgv], env })
}

/** Waits for the next message of a process; fails if it ends without one. */
export const next = (child: ChildProcess): Promise<Record<string, number>> =>
  new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`A measured process ended with code ${code}`))
    child.once("exit", onExit)
    child.once("message", (message) => {
      child.off("exit", onExit)
      resolve(message as Record<string, number>)
    })
  })

/** Sends a message and waits for the answer. */
export const ask = (child: ChildProcess, message: object): Promise<Record<string, number>> => {
  const answer = next(child)
  child.send(message)
  return answer
}

/** Ends a process and waits until it is gone. */
export const stop = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve())
    child.kill("SIGKILL")
  })
