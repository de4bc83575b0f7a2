import type { Attributes as OtelAttributes } from "@opentelemetry/api"
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base"
import type { Resource } from "../../model/index.ts"

type OtelResource = ReadableSpan["resource"]

const otelResource = (attributes: OtelAttributes, schemaUrl: string | undefined): OtelResource => ({
  attributes,
  ...(schemaUrl === undefined ? undefined : { schemaUrl }),
  asyncAttributesPending: false,
  waitForAsyncAttributes: () => Promise.resolve(),
  getRawAttributes: () => Object.entries(attributes),
  // As the specification's "Merge": the other's attributes win, and so does its schema URL, where it has one.
  merge: (other) =>
    other === null
      ? otelResource(attributes, schemaUrl)
      : otelResource({ ...attributes, ...other.attributes }, other.schemaUrl || schemaUrl)
})

const views = new WeakMap<Resource, OtelResource>()

/**
 * Shows a resource as OpenTelemetry's. The same resource has one view: OpenTelemetry's exporters group spans by it.
 */
export const resourceView = (resource: Resource): OtelResource => {
  let view = views.get(resource)
  if (view === undefined) {
    view = otelResource(resource.attributes.toRecord() as OtelAttributes, resource.schemaUrl)
    views.set(resource, view)
  }
  return view
}
