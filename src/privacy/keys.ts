// A key is secret by how it ends: `user_password` holds one, `password_reset_page` does not.

const list = (kind: string, endings: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> =>
  endings.map((ending) => [ending, kind])

const passOwners = "admin auth basic database db ftp http login mail my mysql pg postgres proxy redis root smtp user"
  .split(" ")
const keyPurposes =
  ("access account admin api app application auth consumer customer decryption deploy encryption functions license " +
    "master secret service shared sharedaccess signing ssh storage subscription").split(" ")

/** Endings in words of lower case, joined by spaces, and the kind of secret they tell. */
export const builtInEndings: ReadonlyMap<string, string> = new Map([
  ...list("password", ["password", "passwords", "passwd", "pwd", "passphrase", "passcode", "otp", "totp"]),
  ...list("password", passOwners.flatMap((owner) => [`${owner} pass`, `${owner}pass`, `${owner}pwd`])),
  ...list("secret", ["secret", "secrets", "clientsecret", "appsecret"]),
  ...list("token", [
    "token",
    "jwt",
    "bearer",
    "authtoken",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "auth code",
    "authorization code"
  ]),
  ...list("token", ["access tokens", "api tokens", "auth tokens", "bearer tokens", "refresh tokens", "code verifier"]),
  ...list("authorization", ["authorization", "basic auth", "proxy auth", "http auth"]),
  ...list("cookie", ["cookie", "cookies", "cookie2"]),
  ...list("credential", ["credential", "credentials", "cred", "creds"]),
  ...list("session", [
    "session",
    "sessid",
    "phpsessid",
    "jsessionid",
    "sessionid",
    "session id",
    "session key",
    "sessionkey",
    "connect sid"
  ]),
  ...list("api_key", keyPurposes.flatMap((purpose) => [`${purpose} key`, `${purpose} keys`, `${purpose}key`])),
  ...list("private_key", ["private key", "private keys", "privatekey", "private pem"]),
  ...list("signature", ["sig", "amz signature", "goog signature", "hub signature", "webhook signature"]),
  ...list("card", ["card number", "cardnumber", "credit card", "creditcard", "cvv", "cvc", "cvv2"]),
  ...list("ssn", ["ssn", "social security number"])
])

// What may follow and leaves a secret what it is: `password_hash`, `tokenValue`, `password_confirmation`.
const trailers = new Set(
  "value header raw plain hash hashed salt encrypted encoded base64 b64 old new current previous confirm confirmation repeat again"
    .split(" ")
)

// What goes before `token` where it is a place in a list or a piece of a language.
const harmlessOwners = new Set(
  ("next previous prev page paging pagination continuation continue cursor sync skip resume start end first last unexpected expected " +
    "invalid unknown current lookahead bos eos pad unk sep cls mask stop special per each").split(" ")
)

// Words written together, as in `PGPASSWORD` and `dbpassword`.
const gluedPattern =
  /(password|passwd|passphrase)$|(apikey|accesskey|secretkey)$|(privatekey)$|(authtoken|accesstoken|refreshtoken|sessiontoken|bearertoken)$|(clientsecret)$|(sessionid|sessid)$/
const gluedKinds = ["password", "api_key", "private_key", "token", "secret", "session"] as const

// OpenTelemetry's `session.id` names a visit to a page, not the credential of a login.
const harmlessKeys = new Set(["session.id", "session.previous_id"])

const longestKey = 256
const longestEnding = 4

/** Splits a key of any style into words of lower case: snake, kebab, camel, dotted, bracketed. */
export const wordsOf = (key: string): Array<string> =>
  (key.length > longestKey ? key.slice(-longestKey) : key)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")

const endsWith = (words: ReadonlyArray<string>, endings: ReadonlyMap<string, string>): string | undefined => {
  for (let count = Math.min(longestEnding, words.length); count > 0; count--) {
    const kind = endings.get(words.slice(-count).join(" "))
    if (kind !== undefined) return kind
  }
  return undefined
}

const gluedKind = (word: string): string | undefined => {
  const match = gluedPattern.exec(word)
  return match === null ? undefined : gluedKinds[match.slice(1).findIndex((group) => group !== undefined)]
}

/** The kind of secret a key announces, `undefined` where it announces none. */
export const kindOfKey = (key: string, endings: ReadonlyMap<string, string>): string | undefined => {
  if (harmlessKeys.has(key)) return undefined
  const words = wordsOf(key)
  // `password2`, `tokens[0]`, `apiKeyV2`: the number is not the word.
  while (words.length > 1 && (/^v?[0-9]+$/.test(words.at(-1)!) || trailers.has(words.at(-1)!))) words.pop()
  const last = words.at(-1)
  if (last === undefined) return undefined
  const bare = last.replace(/[0-9]+$/, "")
  if (bare !== "" && bare !== last && !endings.has(last)) words[words.length - 1] = bare
  if (bare === "token" && harmlessOwners.has(words.at(-2) ?? "")) return undefined
  return endsWith(words, endings) ?? gluedKind(bare)
}
