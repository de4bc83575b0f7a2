import { Schema } from "effect"

/**
 * Fails when the embedded database cannot be started: the folder cannot be
 * written, is in use by another process, or was made by another major version
 * of PostgreSQL.
 *
 * @category errors
 * @since 0.1.0
 */
export class EmbeddedPostgresError extends Schema.TaggedError<EmbeddedPostgresError>()("EmbeddedPostgresError", {
  message: Schema.String,
  cause: Schema.Defect()
}) {}
