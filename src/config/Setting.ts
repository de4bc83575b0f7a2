import type { FieldPath, FieldValue, SettingsOverrides } from "./Field.ts"
import type { Kind, Parser } from "./Kind.ts"

/**
 * Whose rules a variable obeys: a bad `TRACING_*` value fails, a bad `OTEL_*` value is warned about and the default used.
 *
 * @category models
 * @since 0.1.0
 */
export type Family = "TRACING" | "OTEL"

/**
 * A variable that fills a setting.
 *
 * @category models
 * @since 0.1.0
 */
export interface Variable<out A> {
  readonly name: string
  readonly family: Family
  readonly parser: Parser<A>
  /** Old names of it, asked in order when it is not set. */
  readonly aliases: ReadonlyArray<string>
}

/**
 * A value and where it came from.
 *
 * @category models
 * @since 0.1.0
 */
export interface Found<out A> {
  readonly value: A
  /** `override` where an override of another field decides this one. */
  readonly source: "variable" | "override"
  /** The name of the variable, or the field that was overridden. */
  readonly from: string
}

/**
 * Asks for the value of a variable, `undefined` where it is unset, bad or says nothing.
 *
 * @category models
 * @since 0.1.0
 */
export type Read = <A>(variable: Variable<A>) => Found<A> | undefined

/**
 * The variables of one setting and how they make its value.
 *
 * @category models
 * @since 0.1.0
 */
export interface Sources<out A> {
  readonly variables: ReadonlyArray<Variable<unknown>>
  readonly find: (read: Read, overrides: SettingsOverrides) => Found<A> | undefined
}

/**
 * One setting: all that is known of it, in one place.
 *
 * @category models
 * @since 0.1.0
 */
export interface Setting<A> {
  readonly description: string
  readonly kind: Kind<A>
  readonly unit?: string
  /** The default, found when it is needed. */
  readonly fallback: () => A
  /** The default in words, where it is found rather than fixed. */
  readonly fallbackText?: string
  readonly sources: Sources<A>
  /** How a value is shown, where its plain text would not do. */
  show?(value: A): string
  /** Marks the setting as secret: what is left of a text before it is shown anywhere. */
  readonly hide?: (text: string) => string
  /** Understood and checked, but nothing acts on it in this version: setting it is warned about. */
  readonly pending?: boolean
}

/**
 * The settings that fill the given fields.
 *
 * @category models
 * @since 0.1.0
 */
export type Settings<P extends FieldPath> = { readonly [K in P]: Setting<FieldValue<K>> }

const variable = <A>(
  family: Family,
  name: string,
  parser: Parser<A>,
  aliases: ReadonlyArray<string>
): Variable<A> => ({
  name: `${family}_${name}`,
  family,
  parser,
  aliases: aliases.map((alias) => `${family}_${alias}`)
})

/**
 * Makes a variable of the `TRACING_*` family.
 *
 * @category constructors
 * @since 0.1.0
 */
export const tracing = <A>(name: string, parser: Parser<A>, ...aliases: ReadonlyArray<string>): Variable<A> =>
  variable("TRACING", name, parser, aliases)

/**
 * Makes a variable of the `OTEL_*` family.
 *
 * @category constructors
 * @since 0.1.0
 */
export const otel = <A>(name: string, parser: Parser<A>, ...aliases: ReadonlyArray<string>): Variable<A> =>
  variable("OTEL", name, parser, aliases)

/**
 * Takes the first variable that says something. All are read, so that every bad value is told.
 *
 * @category combinators
 * @since 0.1.0
 */
export const first = <A>(...variables: ReadonlyArray<Variable<A>>): Sources<A> => ({
  variables,
  find: (read) => variables.map((variable) => read(variable)).find((found) => found !== undefined)
})
