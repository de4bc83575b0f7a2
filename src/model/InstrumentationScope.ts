/**
 * Who made a span: a library's name and version.
 *
 * @category models
 * @since 0.1.0
 */
export interface InstrumentationScope {
  readonly name: string
  readonly version: string | undefined
  readonly schemaUrl: string | undefined
}
