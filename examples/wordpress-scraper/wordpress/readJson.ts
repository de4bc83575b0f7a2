import { Effect, Option, Result, Schema } from "effect"
import type { Answer, Reader } from "../network/Answer.ts"
import { Unreadable } from "../network/Answer.ts"
import { jsonFromWordPress } from "./json.ts"
import { RestProblem } from "./schema.ts"

/**
 * An answer of the REST API: what was asked for, or WordPress's own words for why not.
 *
 * @category models
 * @since 0.1.0
 */
export type RestAnswer =
  | { readonly _tag: "Json"; readonly value: unknown; readonly answer: Answer }
  | { readonly _tag: "Problem"; readonly status: number; readonly code: string }

const decodeProblem = Schema.decodeUnknownOption(RestProblem)

/**
 * Reads an answer of the REST API. What should be JSON and is not, is worth asking for again: answers get cut short.
 *
 * @category constructors
 * @since 0.1.0
 */
export const readJson: Reader<RestAnswer> = (answer) => {
  const parsed = jsonFromWordPress(answer.body)
  if (answer.status >= 300) {
    const problem = Result.isSuccess(parsed) ? decodeProblem(parsed.success) : Option.none()
    return Effect.succeed({
      _tag: "Problem",
      status: answer.status,
      code: Option.match(problem, { onNone: () => "", onSome: (problem) => problem.code })
    })
  }
  return Result.isSuccess(parsed)
    ? Effect.succeed({ _tag: "Json", value: parsed.success, answer })
    : Effect.fail(new Unreadable({ message: `the answer is ${parsed.failure}` }))
}
