import { resourceAttributes } from "../keyValues.ts"
import * as Kind from "../Kind.ts"
import { programPackage } from "../programPackage.ts"
import { first, otel, type Settings, tracing } from "../Setting.ts"

const fromResource = (...keys: ReadonlyArray<string>) =>
  otel("RESOURCE_ATTRIBUTES", Kind.map(resourceAttributes, (all) => keys.map((key) => all[key]).find((value) => value)))

const exitReport = Kind.oneOf("always", "loss", "never")
const logLevel = Kind.oneOf("none", "error", "warn", "info", "debug", "verbose", "all")

/**
 * Settings of the program as a whole.
 *
 * @category settings
 * @since 0.1.0
 */
export const programSettings: Settings<
  | "enabled"
  | "serviceName"
  | "serviceVersion"
  | "environment"
  | "resourceAttributes"
  | "logLevel"
  | "shutdownTimeoutMillis"
  | "exitReport"
> = {
  enabled: {
    description: "Turns tracing on; off, the program runs the same and makes no spans.",
    kind: Kind.flag,
    fallback: () => true,
    sources: first(
      tracing("ENABLED", Kind.flag),
      otel("SDK_DISABLED", Kind.map(Kind.specFlag, (disabled) => !disabled))
    )
  },
  serviceName: {
    description: "Names the program in every trace (resource attribute service.name).",
    kind: Kind.text(),
    fallback: () => programPackage().name ?? "unknown_service:node",
    fallbackText: "the name in the program's package.json, else unknown_service:node",
    sources: first(
      tracing("SERVICE_NAME", Kind.text()),
      otel("SERVICE_NAME", Kind.text()),
      fromResource("service.name")
    )
  },
  serviceVersion: {
    description: "Version of the program (resource attribute service.version).",
    kind: Kind.optional(Kind.text()),
    fallback: () => programPackage().version,
    fallbackText: "the version in the program's package.json",
    sources: first(tracing("SERVICE_VERSION", Kind.text()), fromResource("service.version"))
  },
  environment: {
    description: "Where the program runs (resource attribute deployment.environment.name).",
    kind: Kind.text(),
    fallback: () => "production",
    sources: first(
      tracing("ENVIRONMENT", Kind.text()),
      fromResource("deployment.environment.name", "deployment.environment")
    )
  },
  resourceAttributes: {
    description: "Further attributes of the resource.",
    kind: resourceAttributes,
    fallback: () => ({}),
    fallbackText: "none",
    sources: first(otel("RESOURCE_ATTRIBUTES", resourceAttributes)),
    show: (attributes) => Object.entries(attributes).map(([key, value]) => `${key}=${value}`).join(",")
  },
  logLevel: {
    description: "Least severe message that tracing writes about itself.",
    kind: logLevel,
    fallback: () => "info",
    sources: first(otel("LOG_LEVEL", logLevel))
  },
  shutdownTimeoutMillis: {
    description: "Longest time that the end of the program waits for spans to be sent.",
    kind: Kind.millis,
    unit: "milliseconds",
    fallback: () => 5000,
    sources: first(tracing("SHUTDOWN_TIMEOUT_MS", Kind.millis))
  },
  exitReport: {
    description: "When the program says at its end what became of its spans.",
    kind: exitReport,
    fallback: () => "loss",
    sources: first(tracing("EXIT_REPORT", exitReport))
  }
}
