import * as Result from "effect/Result"
import { baseEndpoint, type EndpointRules, tracesEndpoint } from "./endpoint.ts"
import * as Kind from "./Kind.ts"
import { first, otel, type Sources, tracing, type Variable } from "./Setting.ts"

/** Says nothing of what it cannot read: the setting that the variable fills tells that. */
const silent = <A>(parser: Kind.Parser<A>): Kind.Parser<A> => ({
  allowed: parser.allowed,
  parse: (text) => Result.succeed(Result.getOrUndefined(parser.parse(text, () => {})))
})

/**
 * The protocols that spans are sent by.
 *
 * @category kinds
 * @since 0.1.0
 */
export const protocolKind: Kind.Kind<"http/protobuf" | "http/json" | "grpc"> = Kind.oneOf(
  "http/protobuf",
  "http/json",
  "grpc"
)

/**
 * The variables of an option of the OTLP exporter: the form for traces wins over the general one.
 *
 * @category constructors
 * @since 0.1.0
 */
export const otlp = <A>(name: string, parser: Kind.Parser<A>): Sources<A> =>
  first(otel(`EXPORTER_OTLP_TRACES_${name}`, parser), otel(`EXPORTER_OTLP_${name}`, parser))

const protocolSources = otlp("PROTOCOL", silent(protocolKind))
const insecureSources = otlp("INSECURE", silent(Kind.specFlag))

/** Ours ask for a scheme, which leaves no doubt; OpenTelemetry's take what gRPC takes. */
const variables = (rules: EndpointRules): ReadonlyArray<Variable<string>> => [
  tracing("OTLP_ENDPOINT", baseEndpoint({ ...rules, bareScheme: undefined })),
  otel("EXPORTER_OTLP_TRACES_ENDPOINT", tracesEndpoint(rules)),
  otel("EXPORTER_OTLP_ENDPOINT", baseEndpoint(rules))
]

/**
 * Where spans are sent. What an address may look like hangs on the protocol that is set.
 *
 * @category settings
 * @since 0.1.0
 */
export const endpointSources: Sources<string> = {
  variables: variables({ protocol: undefined, bareScheme: "https" }),
  find: (read, overrides) => {
    const protocol = overrides.otlp?.protocol ?? protocolSources.find(read, overrides)?.value
    const isInsecure = overrides.otlp?.insecure ?? insecureSources.find(read, overrides)?.value ?? false
    return first(...variables({ protocol, bareScheme: isInsecure ? "http" : "https" })).find(read, overrides)
  }
}
