import type { EndedSpan } from "../model/index.ts"

/**
 * A place where a span does not say what the conventions ask for.
 *
 * @category models
 * @since 0.1.0
 */
export interface Deviation {
  /** Name of the rule, the same for each span that breaks it. */
  readonly rule: string
  readonly span: EndedSpan
  /** The attribute it is about; `undefined` for name, kind, status and events. */
  readonly attribute: string | undefined
  readonly expected: string
  /** Where the rule is written. */
  readonly source: string
}

/**
 * One rule of the conventions.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rule {
  readonly name: string
  readonly attribute: string | undefined
  readonly expected: string
  readonly source: string
  readonly holds: (span: EndedSpan) => boolean
}

/** Makes the rules of one page of the conventions. */
export const rulesFrom = (source: string) =>
(
  name: string,
  attribute: string | undefined,
  expected: string,
  holds: (span: EndedSpan) => boolean
): Rule => ({ name, attribute, expected, source, holds })

/** A rule that an attribute is there. */
export const present = (key: string) => (span: EndedSpan): boolean => span.attributes.has(key)

/** A rule that an attribute is not there. */
export const absent = (key: string) => (span: EndedSpan): boolean => !span.attributes.has(key)
