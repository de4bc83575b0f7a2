import { messagingAttributes } from "./messagingAttributes.ts"
import { ownAttributes } from "./ownAttributes.ts"

/**
 * One attribute of the conventions, as this package writes it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Attribute {
  readonly name: string
  readonly type: "string" | "int" | "double" | "boolean" | "string[]"
  readonly unit?: string | undefined
  /** Where it is defined. */
  readonly source: string
  readonly description: string
}

const http = "https://opentelemetry.io/docs/specs/semconv/http/http-spans/"
const database = "https://opentelemetry.io/docs/specs/semconv/db/database-spans/"
const rpc = "https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/"
const errors = "https://opentelemetry.io/docs/specs/semconv/general/recording-errors/"
const exceptions = "https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/"

const attribute = (
  name: string,
  type: Attribute["type"],
  source: string,
  description: string,
  unit?: string
): Attribute => ({ name, type, source, description, unit })

/**
 * Every attribute that this package writes to spans, events and links.
 *
 * @category attributes
 * @since 0.1.0
 */
export const attributes: ReadonlyArray<Attribute> = [
  attribute("http.request.method", "string", http, "A known method, else `_OTHER`."),
  attribute("http.request.method_original", "string", http, "The method as it was sent, where it is not a known one."),
  attribute("http.request.resend_count", "int", http, "How often the request was sent before.", "{resend}"),
  attribute(
    "http.response.body.size",
    "int",
    http,
    "Size of the body as it is transferred, if asked for: as declared, or as received on the event `http.response.body`.",
    "By"
  ),
  attribute("http.response.status_code", "int", http, "The status code of the response."),
  attribute("http.route", "string", http, "The route that matched, as the router writes it: `/posts/:id`."),
  attribute("url.full", "string", http, "The URL a client asked for, without credentials and signatures."),
  attribute("url.path", "string", http, "The path a server was asked for."),
  attribute("url.query", "string", http, "The query a server was asked for, without signatures."),
  attribute("url.scheme", "string", http, "`http` or `https`."),
  attribute("url.template", "string", http, "The template of a client's URL."),
  attribute("server.address", "string", http, "Host name or address of the server."),
  attribute("server.port", "int", http, "Port of the server."),
  attribute("client.address", "string", http, "Address of the client, behind trusted proxies where there are any."),
  attribute("network.peer.address", "string", http, "Address of the other end of the connection."),
  attribute("network.peer.port", "int", http, "Port of the other end of the connection."),
  attribute("network.protocol.name", "string", http, "The protocol, where it is not HTTP."),
  attribute("network.protocol.version", "string", http, "`1.1`, `2`, `3`."),
  attribute("user_agent.original", "string", http, "The User-Agent header as it was sent."),
  attribute(
    "error.type",
    "string",
    errors,
    "A status code, a code of the system or database, or the name of an error."
  ),
  attribute("db.system.name", "string", database, "The database: `postgresql`, `mysql`, `sqlite`."),
  attribute(
    "db.namespace",
    "string",
    database,
    "The database the connection was configured with, and the schema (`blog|public`) if it was configured with one."
  ),
  attribute("db.operation.batch.size", "int", database, "How many statements one text holds, from 2.", "{query}"),
  attribute("db.operation.name", "string", database, "The operation of the main statement."),
  attribute("db.collection.name", "string", database, "The one table a statement is about."),
  attribute("db.stored_procedure.name", "string", database, "The procedure a statement calls."),
  attribute("db.query.summary", "string", database, "Operations and targets, at most 255 characters."),
  attribute("db.query.text", "string", database, "The statement; `?` for its literals where it has no parameters."),
  attribute("db.response.status_code", "string", database, "SQLSTATE, or the database's own error code."),
  attribute("db.response.returned_rows", "int", database, "How many rows the answer has, if asked for.", "{row}"),
  attribute("rpc.system.name", "string", rpc, "The RPC system; Effect writes `effect_rpc`."),
  attribute("rpc.method", "string", rpc, "The procedure, as its group names it."),
  attribute("exception.type", "string", exceptions, "Name of the error."),
  attribute("exception.message", "string", exceptions, "What the error says."),
  attribute("exception.stacktrace", "string", exceptions, "The stack of the error."),
  ...messagingAttributes,
  ...ownAttributes
]

/**
 * The attributes by name.
 *
 * @category attributes
 * @since 0.1.0
 */
export const attributesByName: ReadonlyMap<string, Attribute> = new Map(attributes.map((one) => [one.name, one]))
