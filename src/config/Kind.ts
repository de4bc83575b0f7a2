import * as Result from "effect/Result"

/**
 * Tells of something odd in a value that is used all the same.
 *
 * @category models
 * @since 0.1.0
 */
export type Note = (remark: string) => void

/**
 * Reads the text of a variable.
 *
 * @category models
 * @since 0.1.0
 */
export interface Parser<out A> {
  /** What may be written, in words that follow "expected". */
  readonly allowed: string
  /**
   * Succeeds with the value, or with `undefined` where the text says nothing about the setting; fails with the words that
   * follow "expected" in the error.
   */
  readonly parse: (text: string, note: Note) => Result.Result<A | undefined, string>
}

/**
 * The kind of value a setting takes: how a variable's text is read, and which values given in code are good.
 *
 * @category models
 * @since 0.1.0
 */
export interface Kind<out A> extends Parser<A> {
  /** Takes a value given in code, `undefined` where it is bad. */
  readonly accept: (value: unknown) => A | undefined
}

/**
 * Makes a parser that fails with what is allowed whenever `read` gives `undefined`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const parser = <A>(allowed: string, read: (text: string, note: Note) => A | undefined): Parser<A> => ({
  allowed,
  parse: (text, note) => {
    const value = read(text, note)
    return value === undefined ? Result.fail(allowed) : Result.succeed(value)
  }
})

/**
 * Makes a parser of one thing from a parser of another.
 *
 * @category combinators
 * @since 0.1.0
 */
export const map = <A, B>(self: Parser<A>, f: (value: A) => B | undefined): Parser<B> => ({
  allowed: self.allowed,
  parse: (text, note) => Result.map(self.parse(text, note), (value) => value === undefined ? undefined : f(value))
})

/**
 * Lets a setting be absent.
 *
 * @category combinators
 * @since 0.1.0
 */
export const optional = <A>(self: Kind<A>): Kind<A | undefined> => self

const flags = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false]
])

/**
 * A switch as `TRACING_*` variables take it.
 *
 * @category kinds
 * @since 0.1.0
 */
export const flag: Kind<boolean> = {
  ...parser("true or false (or 1, 0, yes, no, on, off)", (text) => flags.get(text.toLowerCase())),
  accept: (value) => typeof value === "boolean" ? value : undefined
}

/**
 * A switch as the OpenTelemetry specification reads it: only "true" is true, and all else is false.
 *
 * @category parsers
 * @since 0.1.0
 */
export const specFlag: Parser<boolean> = {
  allowed: "true or false",
  parse: (text, note) => {
    const lower = text.toLowerCase()
    if (lower !== "true" && lower !== "false") {
      note("only \"true\" is true, so this is false")
    }
    return Result.succeed(lower === "true")
  }
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f]/

/**
 * Text without control characters, so that it can neither forge log lines nor headers.
 *
 * @category kinds
 * @since 0.1.0
 */
export const text = (allowed = "text without control characters"): Kind<string> => {
  const good = (value: string): boolean => value.length > 0 && !controlCharacter.test(value)
  return {
    ...parser(allowed, (value) => good(value) ? value : undefined),
    accept: (value) => typeof value === "string" && good(value) ? value : undefined
  }
}

/**
 * Text that matches a pattern.
 *
 * @category kinds
 * @since 0.1.0
 */
export const matching = (pattern: RegExp, allowed: string): Kind<string> => ({
  ...parser(allowed, (value) => pattern.test(value) ? value : undefined),
  accept: (value) => typeof value === "string" && pattern.test(value) ? value : undefined
})

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/**
 * A finite number of a range, both ends included.
 *
 * @category kinds
 * @since 0.1.0
 */
export const number = (minimum: number, maximum: number): Kind<number> => {
  const good = (value: number): boolean => value >= minimum && value <= maximum
  return {
    ...parser(`a number from ${minimum} to ${maximum}`, (value) => {
      const parsed = decimal.test(value) ? Number(value) : NaN
      return good(parsed) ? parsed : undefined
    }),
    accept: (value) => typeof value === "number" && good(value) ? value : undefined
  }
}

/**
 * A whole number of a range, both ends included.
 *
 * @category kinds
 * @since 0.1.0
 */
export const integer = (minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Kind<number> => {
  const good = (value: number): boolean => Number.isSafeInteger(value) && value >= minimum && value <= maximum
  const range = maximum === Number.MAX_SAFE_INTEGER ? `${minimum} up` : `${minimum} to ${maximum}`
  return {
    ...parser(`a whole number from ${range}`, (value) => {
      const parsed = /^[+-]?\d+$/.test(value) ? Number(value) : NaN
      return good(parsed) ? parsed : undefined
    }),
    accept: (value) => typeof value === "number" && good(value) ? value : undefined
  }
}

/**
 * A kind whose values may also be `Infinity`, in code alone.
 *
 * @category combinators
 * @since 0.1.0
 */
export const orInfinity = (self: Kind<number>): Kind<number> => ({
  ...self,
  accept: (value) => value === Infinity ? value : self.accept(value)
})

/** The longest wait a Node timer takes; a longer one would fire at once. */
const longestWait = 2_147_483_647

/**
 * Milliseconds that a timer can wait.
 *
 * @category kinds
 * @since 0.1.0
 */
export const millis: Kind<number> = integer(0, longestWait)

/**
 * A time-out as the specification reads it: milliseconds, where 0 is no limit. That is made the longest wait a timer takes,
 * 24 days, as the specification allows.
 *
 * @category kinds
 * @since 0.1.0
 */
export const timeout: Kind<number> = {
  ...map(millis, (value) => value === 0 ? longestWait : value),
  allowed: `${millis.allowed}, where 0 is no limit`,
  accept: (value) => value === 0 || value === Infinity ? longestWait : millis.accept(value)
}

/**
 * One word of several, in any case.
 *
 * @category kinds
 * @since 0.1.0
 */
export const oneOf = <const A extends string>(...words: ReadonlyArray<A>): Kind<A> => ({
  ...parser(
    `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
    (value) => words.find((word) => word === value.toLowerCase())
  ),
  accept: (value) => words.find((word) => word === value)
})

/** The parts of a comma list, trimmed, without empty ones. */
const commaParts = (value: string): ReadonlyArray<string> =>
  value.split(",").map((part) => part.trim()).filter((part) => part.length > 0)

/** The parts as the kind takes them, `undefined` where one is bad. */
const everyPart = <A>(parts: ReadonlyArray<unknown>, kind: Kind<A>): ReadonlyArray<A> | undefined => {
  const accepted = parts.flatMap((part) => kind.accept(part) ?? [])
  return accepted.length === parts.length ? accepted : undefined
}

/**
 * A comma list; every part has to be good.
 *
 * @category kinds
 * @since 0.1.0
 */
export const listOf = (
  part: Kind<string>,
  allowed: string,
  split: (value: string) => ReadonlyArray<string> = commaParts
): Kind<ReadonlyArray<string>> => ({
  ...parser(allowed, (value) => {
    const parts = split(value)
    return parts.length > 0 ? everyPart(parts, part) : undefined
  }),
  accept: (value) => Array.isArray(value) ? everyPart(value, part) : undefined
})

/**
 * A comma list of known words, each once, where "none" is the empty list. A word that is not known is told and left out, as
 * the specification asks for; a list with no known word is bad.
 *
 * @category kinds
 * @since 0.1.0
 */
export const wordsOf = <const A extends string>(...words: ReadonlyArray<A>): Kind<ReadonlyArray<A>> => {
  const allowed = `none, or a comma list of ${words.join(", ")}`
  return {
    ...parser(allowed, (value, note) => {
      const parts = [...new Set(commaParts(value.toLowerCase()))]
      const known: Array<A> = []
      const rest: Array<string> = []
      for (const part of parts) {
        const word = words.find((word) => word === part)
        if (word === undefined) {
          rest.push(part)
        } else {
          known.push(word)
        }
      }
      if (known.length === 0) {
        return rest.length === 1 && rest[0] === "none" ? [] : undefined
      }
      if (rest.length > 0) {
        note(`${rest.join(", ")} is left out; expected ${allowed}`)
      }
      return known
    }),
    accept: (value) => Array.isArray(value) ? everyPart([...new Set(value)], oneOf(...words)) : undefined
  }
}
