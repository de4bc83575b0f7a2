import { builtInEndings } from "./keys.ts"
import { tokenKinds } from "./tokens.ts"

/**
 * The kinds of secrets that are known, as the markers name them: what `exceptKinds` can name besides the kinds of
 * patterns of one's own.
 *
 * @category models
 * @since 0.1.0
 */
export const kinds: ReadonlySet<string> = new Set([
  ...builtInEndings.values(),
  ...tokenKinds,
  "basic",
  "bearer",
  "email",
  "key",
  "private_key",
  "slack_webhook",
  "url_credentials"
])
