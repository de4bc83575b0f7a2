import { arch, hostname, platform } from "node:os"
import type { TracingSettings } from "../config/index.ts"
import type { Resource } from "../model/index.ts"
import { Attributes, packageVersion } from "../model/index.ts"
import type { Redactor } from "../privacy/index.ts"

/**
 * Describes the process for all of its spans: service, environment, host, process and this library.
 *
 * **Details**
 *
 * Attributes of `OTEL_RESOURCE_ATTRIBUTES` come first and are replaced by what was detected only where the settings name it
 * explicitly (service and environment). The command line is left out: it may hold secrets. What is left is redacted like any
 * attribute.
 *
 * Source: semantic conventions, resource, `service.*`, `deployment.*`, `host.*`, `os.*`, `process.*`, `telemetry.sdk.*`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const processResource = (
  settings: Pick<TracingSettings, "serviceName" | "serviceVersion" | "environment" | "resourceAttributes">,
  instanceId: string,
  redactor: Redactor.Redactor
): Resource => {
  const attributes = Attributes.fromRecord({
    "service.instance.id": instanceId,
    "host.name": hostname(),
    "host.arch": arch() === "x64" ? "amd64" : arch(),
    "os.type": platform() === "win32" ? "windows" : platform(),
    "process.pid": process.pid,
    "process.executable.path": process.execPath,
    "process.runtime.name": "nodejs",
    "process.runtime.version": process.versions.node,
    "telemetry.sdk.name": "effect-tracing",
    "telemetry.sdk.language": "nodejs",
    "telemetry.sdk.version": packageVersion,
    ...settings.resourceAttributes,
    "service.name": settings.serviceName,
    "service.version": settings.serviceVersion,
    "deployment.environment.name": settings.environment
  })
  redactor.redactAttributes(attributes)
  return { attributes, schemaUrl: undefined }
}
