import type { ReadonlyAttributes } from "./Attributes.ts"

/**
 * What all spans of a process share: service, host and process, as attributes.
 *
 * @category models
 * @since 0.1.0
 */
export interface Resource {
  readonly attributes: ReadonlyAttributes
  readonly schemaUrl: string | undefined
}
