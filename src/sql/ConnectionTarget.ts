import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"

/**
 * Where a client really connects to, and what its spans say instead.
 */
export interface ConnectionTarget {
  readonly host: string
  readonly port: number
  readonly namespace: string
  /** What Effect's spans of this client say. */
  readonly said: ReadonlyArray<readonly [key: string, value: unknown]>
}

const stringOf = (object: object, key: string): string | undefined => {
  const value: unknown = Predicate.hasProperty(object, key) ? object[key] : undefined
  return typeof value === "string" && value !== "" ? value : undefined
}

const numberOf = (object: object, key: string): number | undefined => {
  const value: unknown = Predicate.hasProperty(object, key) ? object[key] : undefined
  return typeof value === "number" ? value : undefined
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const nonEmpty = (text: string | null): string | undefined => text === null || text === "" ? undefined : text

const spanAttributesOf = (config: object): ReadonlyArray<readonly [string, unknown]> =>
  Predicate.hasProperty(config, "spanAttributes") && typeof config.spanAttributes === "object" &&
    config.spanAttributes !== null
    // Of the rest it cannot be said how a span writes them.
    ? Object.entries(config.spanAttributes).filter(([, value]) =>
      typeof value === "string" || typeof value === "number"
    )
    : []

/** `-c search_path=blog`, `-csearch_path=blog` and `--search-path=blog` in the options of a start-up message. */
const searchPathOption = /(?:^|\s)(?:-c\s*|--)search[_-]path=(\S+)/

/** The schema that comes first where names are looked up, if the connection was configured with one. */
const schemaOf = (config: object, parameters: URLSearchParams | undefined): string | undefined => {
  const startup: unknown = Predicate.hasProperty(config, "startupParameters") ? config.startupParameters : undefined
  const options = stringOf(config, "startupOptions") ?? parameters?.get("options") ?? ""
  const path = (typeof startup === "object" && startup !== null ? stringOf(startup, "search_path") : undefined) ??
    searchPathOption.exec(options)?.[1]
  const first = path?.split(",")[0]?.trim().replaceAll("\"", "")
  // What stands for the user's name is not known to be there.
  return first === undefined || first === "" || first === "$user" ? undefined : first
}

const namespaceOf = (database: string, schema: string | undefined): string =>
  schema === undefined ? database : `${database}|${schema}`

const fromUrl = (config: object, url: URL): ConnectionTarget => {
  const parameters = url.searchParams
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : decode(url.hostname)
  const port = nonEmpty(parameters.get("port")) ?? url.port
  const user = nonEmpty(parameters.get("user")) ?? nonEmpty(decode(url.username))
  const database = nonEmpty(parameters.get("dbname")) ?? nonEmpty(decode(url.pathname.slice(1)))
  const ownHost = stringOf(config, "host")
  const ownPort = numberOf(config, "port")
  const ownDatabase = stringOf(config, "database")
  const ownUser = stringOf(config, "username")
  return {
    host: ownHost ?? nonEmpty(parameters.get("host")) ?? nonEmpty(host) ?? "localhost",
    port: ownPort ?? (port === "" ? 5432 : Number(port)),
    namespace: namespaceOf(ownDatabase ?? database ?? ownUser ?? user ?? "postgres", schemaOf(config, parameters)),
    said: saidOf(config)
  }
}

/** What `@effect/sql-pg` says of itself, which is right where it was not given a URL. */
const saidOf = (config: object): ConnectionTarget["said"] => [
  ...spanAttributesOf(config),
  ["db.system.name", "postgresql"],
  ["db.namespace", stringOf(config, "database") ?? stringOf(config, "username") ?? "postgres"],
  ["server.address", stringOf(config, "host") ?? "localhost"],
  ["server.port", numberOf(config, "port") ?? 5432]
]

/** A client without a URL says all but the schema. */
const fromParts = (config: object): ConnectionTarget | undefined => {
  const schema = schemaOf(config, undefined)
  if (schema === undefined) return undefined
  return {
    host: stringOf(config, "host") ?? "localhost",
    port: numberOf(config, "port") ?? 5432,
    namespace: namespaceOf(stringOf(config, "database") ?? stringOf(config, "username") ?? "postgres", schema),
    said: saidOf(config)
  }
}

const read = (client: object): ConnectionTarget | undefined => {
  if (!Predicate.hasProperty(client, "config") || typeof client.config !== "object" || client.config === null) {
    return undefined
  }
  const { config } = client
  const given: unknown = Predicate.hasProperty(config, "url") ? config.url : undefined
  if (!Redacted.isRedacted(given)) return fromParts(config)
  const text = Redacted.value(given)
  const url = typeof text === "string" ? URL.parse(text) : null
  if (url === null || (url.protocol !== "postgres:" && url.protocol !== "postgresql:")) return undefined
  return fromUrl(config, url)
}

const targets = new WeakMap<object, { readonly target: ConnectionTarget | undefined }>()

/**
 * Finds where a client connects to, if its spans do not say: `@effect/sql-pg` configured by `url` calls it
 * `localhost:5432`, and none says the schema its connections were configured with. Read once per client; nothing of the URL but host, port and database is kept.
 */
export const targetOf = (client: object): ConnectionTarget | undefined => {
  let known = targets.get(client)
  if (known === undefined) {
    known = { target: read(client) }
    targets.set(client, known)
  }
  return known.target
}
