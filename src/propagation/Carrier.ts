/**
 * Where context is read from: request headers, message attributes, environment variables, a SQL comment.
 *
 * @category models
 * @since 0.1.0
 */
export interface Carrier {
  /**
   * Every value of a field, in order of arrival. The name is asked for in lower case and found in any case.
   */
  readonly values: (name: string) => ReadonlyArray<string>
  /** The names of all fields, in lower case. */
  readonly names: () => Iterable<string>
}

/**
 * Where context is written to: called once per field.
 *
 * @category models
 * @since 0.1.0
 */
export type Setter = (name: string, value: string) => void

const none: ReadonlyArray<string> = []

const stringsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.filter((item) => typeof item === "string")
  if (value instanceof Uint8Array) return [Buffer.from(value).toString("utf8")]
  return none
}

const isNamed = (key: string, name: string): boolean =>
  key === name || (key.length === name.length && key.toLowerCase() === name)

const make = (keys: ReadonlyArray<string>, get: (key: string) => unknown): Carrier => {
  let names: ReadonlyArray<string> | undefined
  let byName: Map<string, ReadonlyArray<string>> | undefined
  const keysNear = (name: string): ReadonlyArray<string> => {
    if (names === undefined) return keys
    // Who asks for all names asks for the values of many next, and is not to go through all keys for each.
    byName ??= Map.groupBy(keys, (key) => key.toLowerCase())
    return byName.get(name) ?? none
  }
  return {
    values: (name) => {
      let found = none
      for (const key of keysNear(name)) {
        if (!isNamed(key, name)) continue
        const values = stringsOf(get(key))
        found = found.length === 0 ? values : found.concat(values)
      }
      return found
    },
    names: () => names ??= keys.map((key) => key.toLowerCase())
  }
}

/**
 * Reads from a record of headers, as Node, Effect and message brokers' clients hand them over: one string or a list of
 * strings per name, names in any case. Bytes (Kafka's headers) are read as UTF-8; values of other types are not there.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromRecord = (record: Readonly<Record<string, unknown>>): Carrier =>
  make(Object.keys(record), (key) => record[key])

/**
 * Reads from a `Map`, or anything else that lists names and values (`Headers`, `URLSearchParams`).
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromEntries = (entries: Iterable<readonly [string, unknown]>): Carrier => {
  const list = Array.from(entries)
  return {
    values: (name) => {
      const found: Array<string> = []
      for (const [key, value] of list) {
        if (isNamed(key, name)) found.push(...stringsOf(value))
      }
      return found
    },
    names: () => list.map(([key]) => key.toLowerCase())
  }
}

/**
 * Names the environment variable of a field: `traceparent` is `TRACEPARENT`, `x-b3-traceid` is `X_B3_TRACEID`.
 *
 * Source: OpenTelemetry specification, "Environment Variables as Context Propagation Carriers".
 *
 * @category conversions
 * @since 0.1.0
 */
export const environmentName = (field: string): string => {
  const name = field.replaceAll(/[^A-Za-z0-9]/g, "_").toUpperCase()
  return /^[0-9]/.test(name) ? `_${name}` : name
}

/**
 * Reads from environment variables, as a child process finds them: `TRACEPARENT`, `TRACESTATE`, `BAGGAGE`. An empty
 * variable is one that is not set.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromEnvironment = (environment: Readonly<Record<string, string | undefined>>): Carrier => ({
  values: (field) => {
    const value = environment[environmentName(field)]
    return value === undefined || value === "" ? none : [value]
  },
  names: () => Object.keys(environment).map((name) => name.toLowerCase().replaceAll("_", "-"))
})

/**
 * Writes to a record of headers.
 *
 * @category setters
 * @since 0.1.0
 */
export const toRecord = (record: Record<string, string>): Setter => (name, value) => {
  record[name] = value
}

/**
 * Writes to a `Map` of headers.
 *
 * @category setters
 * @since 0.1.0
 */
export const toMap = (map: Map<string, string>): Setter => (name, value) => {
  map.set(name, value)
}

/**
 * Writes to environment variables for a child process.
 *
 * @category setters
 * @since 0.1.0
 */
export const toEnvironment = (environment: Record<string, string | undefined>): Setter => (name, value) => {
  environment[environmentName(name)] = value
}
