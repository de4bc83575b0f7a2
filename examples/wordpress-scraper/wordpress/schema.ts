import { Effect, Option, Schema } from "effect"

/**
 * Makes a field survive what plug-ins do to it: missing, null or of another type, it is read as `fallback`.
 */
const lenient = <T, E>(schema: Schema.Codec<T, E>, fallback: T) =>
  schema.pipe(
    Schema.catchDecoding(() => Effect.succeedSome(fallback)),
    Schema.withDecodingDefaultTypeKey(Effect.succeed(fallback))
  )

/** An id; some plug-ins make a string of it. */
const Id = Schema.Union([Schema.Int, Schema.NumberFromString.check(Schema.isInt())])

const Texts = Schema.Union([Schema.String, Schema.Struct({ rendered: Schema.String })])

/** `{ "rendered": "…" }`, or the bare text as some plug-ins leave it. */
const Title = lenient(Texts, "")

const Content = lenient(
  Schema.Struct({
    rendered: lenient(Schema.String, ""),
    protected: lenient(Schema.Boolean, false)
  }),
  { rendered: "", protected: false }
)

const Things = lenient(Schema.Array(Schema.Unknown), [])

/**
 * An item of a listing: what `_fields` asks for.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ListedItem extends Schema.Class<ListedItem>("ListedItem")({
  id: Id,
  link: lenient(Schema.String, ""),
  status: lenient(Schema.String, "publish")
}) {}

/**
 * An item by itself. Only its id is indispensable.
 *
 * @category schemas
 * @since 0.1.0
 */
export class RestItem extends Schema.Class<RestItem>("RestItem")({
  id: Id,
  slug: lenient(Schema.String, ""),
  link: lenient(Schema.String, ""),
  status: lenient(Schema.String, "publish"),
  date_gmt: lenient(Schema.NullOr(Schema.String), null),
  modified_gmt: lenient(Schema.NullOr(Schema.String), null),
  title: Title,
  content: Content,
  author: lenient(Schema.Int, 0),
  featured_media: lenient(Schema.Int, 0),
  categories: lenient(Schema.Array(Schema.Int), []),
  tags: lenient(Schema.Array(Schema.Int), []),
  _embedded: lenient(
    Schema.Struct({
      "author": Things,
      "wp:featuredmedia": Things,
      "wp:term": lenient(Schema.Array(Things), [])
    }),
    { "author": [], "wp:featuredmedia": [], "wp:term": [] }
  )
}) {}

/** A user, as `_embed` and `/users/ID` give it. */
export class RestUser extends Schema.Class<RestUser>("RestUser")({ id: Id, name: Schema.String }) {}

/** A category or a tag, as `_embed`, `/categories/ID` and `/tags/ID` give it. */
export class RestTerm extends Schema.Class<RestTerm>("RestTerm")({
  id: Id,
  name: Schema.String,
  taxonomy: lenient(Schema.String, "")
}) {}

/** A file of the media library, as `_embed` gives it. */
export class RestMedia extends Schema.Class<RestMedia>("RestMedia")({
  id: Id,
  source_url: Schema.String,
  alt_text: lenient(Schema.String, "")
}) {}

/** What WordPress answers instead of an item. */
export class RestProblem extends Schema.Class<RestProblem>("RestProblem")({
  code: Schema.String,
  message: lenient(Schema.String, "")
}) {}

/** The index of the REST API. */
export class RestIndex extends Schema.Class<RestIndex>("RestIndex")({
  namespaces: Schema.Array(Schema.String),
  home: lenient(Schema.String, "")
}) {}

/**
 * Keeps what can be decoded, leaves out the rest: `_embed` puts errors between the things it embeds.
 *
 * @category decoding
 * @since 0.1.0
 */
export const decodable = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  things: ReadonlyArray<unknown>
): ReadonlyArray<S["Type"]> => {
  const decode = Schema.decodeUnknownOption(schema)
  return things.flatMap((thing) => Option.toArray(decode(thing)))
}
