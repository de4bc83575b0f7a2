import type * as Redacted from "effect/Redacted"
import type { TracingSettings } from "./TracingSettings.ts"

/** A group of settings, as against a value: an interface with named fields that is no list and no map. */
type IsGroup<T> = [T] extends [object]
  ? T extends ReadonlyArray<unknown> | Redacted.Redacted<unknown> ? false : string extends keyof T ? false : true
  : false

type FieldOf<T, Prefix extends string = ""> = {
  [K in keyof T & string]: IsGroup<T[K]> extends true ? FieldOf<T[K], `${Prefix}${K}.`>
    : { readonly path: `${Prefix}${K}`; readonly value: T[K] }
}[keyof T & string]

/**
 * One field of {@link TracingSettings}: its path, such as `sampling.ratio`, and the type of its value.
 *
 * @category models
 * @since 0.1.0
 */
export type Field = FieldOf<TracingSettings>

/**
 * Path of a field of {@link TracingSettings}, such as `sampling.ratio`.
 *
 * @category models
 * @since 0.1.0
 */
export type FieldPath = Field["path"]

/**
 * Type of the value at a path of {@link TracingSettings}.
 *
 * @category models
 * @since 0.1.0
 */
export type FieldValue<P extends FieldPath> = Extract<Field, { readonly path: P }>["value"]

type PartialDeep<T> = {
  readonly [K in keyof T]?: (IsGroup<T[K]> extends true ? PartialDeep<T[K]> : T[K]) | undefined
}

/**
 * Settings given in code: any part of {@link TracingSettings}. They win over every variable; `undefined` leaves a field
 * to its variables.
 *
 * @category models
 * @since 0.1.0
 */
export type SettingsOverrides = PartialDeep<TracingSettings>
