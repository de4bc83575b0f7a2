/** A generator of the same numbers on every run (mulberry32), so that a failure can be had again. */
export const seeded = (seed: number): () => number => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

const digits = "0123456789"
const lower = "abcdefghijklmnopqrstuvwxyz"
const upper = lower.toUpperCase()
const alphanumeric = lower + upper + digits

/** Nothing, put into the prefixes of secrets so that no scanner takes this file for a leak. */
const split: string = [].join("")

type Random = () => number

export const pick = <A>(random: Random, items: ReadonlyArray<A>): A => items[Math.floor(random() * items.length)]!

export const text = (random: Random, alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("")

/** Mixed letters with at least one digit, one capital and one small letter, as issued secrets have. */
const mixed = (random: Random, length: number, alphabet = alphanumeric): string =>
  `${text(random, alphabet, length - 3)}${text(random, digits, 1)}${text(random, lower, 1)}${text(random, upper, 1)}`

const base64Url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** Completes digits by the check digit of ISO/IEC 7812. */
export const withCheckDigit = (digits: string): string => {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit
  }
  return digits + String((10 - (sum % 10)) % 10)
}

const card = (random: Random, prefix: string, length: number): string =>
  withCheckDigit(prefix + text(random, digits, length - 1 - prefix.length))

/** Something secret, in a text as programs write it. */
export interface Secret {
  /** The part that must not get out. */
  readonly secret: string
  readonly text: string
}

const wrapped = (secret: string, before: string, after = ""): Secret => ({ secret, text: before + secret + after })

/** The kinds of secrets, each with a generator. */
export const kinds: Readonly<Record<string, (random: Random) => Secret>> = {
  jwt: (random) => {
    const token = `${base64Url({ alg: "HS256", typ: "JWT" })}.${base64Url({ sub: text(random, digits, 8) })}.${
      mixed(random, 43)
    }`
    return wrapped(token, "token expired: ", " (retry)")
  },
  bearer: (random) => wrapped(mixed(random, 32), pick(random, ["Bearer ", "bearer ", "using Bearer "]), " failed"),
  basic: (random) =>
    wrapped(Buffer.from(`user:${text(random, alphanumeric, 9)}`).toString("base64"), "Sent Basic ", ", got 401"),
  authorizationHeader: (random) => wrapped(mixed(random, 40), "authorization: Digest "),
  awsKeyId: (random) =>
    wrapped(`${pick(random, ["AK", "AS"])}IA${text(random, `${upper}234567`, 16)}`, "key ", " is disabled"),
  awsSecret: (random) => wrapped(mixed(random, 40, `${alphanumeric}/+`), "aws_secret_access_key="),
  github: (random) =>
    wrapped(`gh${pick(random, ["p", "o", "u", "s", "r"])}_${text(random, alphanumeric, 36)}`, "clone with ", "."),
  githubFineGrained: (random) =>
    wrapped(`github_${split}pat_${text(random, alphanumeric, 22)}_${text(random, alphanumeric, 59)}`, "("),
  gitlab: (random) => wrapped(`gl${split}pat-${mixed(random, 20)}`, "PRIVATE ", " refused"),
  slack: (random) =>
    wrapped(`xox${pick(random, ["b", "p", "a"])}-${text(random, digits, 12)}-${mixed(random, 24)}`, "slack "),
  slackWebhook: (random) =>
    wrapped(
      `T${text(random, upper, 8)}/B${text(random, upper, 8)}/${mixed(random, 24)}`,
      "POST https://hooks.slack.com/services/"
    ),
  stripe: (random) =>
    wrapped(
      `${pick(random, ["sk", "rk", "pk"])}_${pick(random, ["live", "test"])}_${text(random, alphanumeric, 24)}`,
      "No such key: "
    ),
  google: (random) =>
    wrapped(`AI${split}za${mixed(random, 35, `${alphanumeric}-_`)}`, "https://maps.example/api?x=", "&y=1"),
  googleOAuth: (random) => wrapped(`ya${split}29.${mixed(random, 60, `${alphanumeric}-_`)}`, "refreshed "),
  npm: (random) => wrapped(`np${split}m_${text(random, alphanumeric, 36)}`, "//registry.example/:x=", "\n"),
  ai: (random) =>
    wrapped(
      `s${split}k-${pick(random, ["", "proj-", "ant-api03-"])}${mixed(random, 48)}`,
      "Incorrect API key provided: "
    ),
  sendgrid: (random) => wrapped(`S${split}G.${mixed(random, 22)}.${mixed(random, 43)}`, "mail "),
  privateKey: (random) => {
    const label = `${pick(random, ["", "RSA ", "EC ", "OPENSSH "])}PRIVATE KEY-----`
    const body = Array.from({ length: 6 }, () => text(random, `${alphanumeric}+/`, 64)).join("\n")
    return { secret: body, text: `loaded -----BEGIN ${label}\n${body}\n-----END ${label} for tls` }
  },
  cardNumber: (random) => {
    const [prefix, length] = pick(
      random,
      [["4", 16], ["52", 16], ["2300", 16], ["37", 15], ["6011", 16], ["3530", 16]] as const
    )
    return wrapped(card(random, prefix, length), "paid with ", " today")
  },
  cardInGroups: (random) =>
    wrapped(card(random, "4", 16).replaceAll(/(\d{4})(?=\d)/g, pick(random, ["$1 ", "$1-"])), "card: ", ", ok"),
  urlUser: (random) => wrapped(mixed(random, 12), "GET https://alice:", "@api.example.com/v1 failed"),
  connectionString: (random) => {
    const scheme = pick(random, ["postgres", "postgresql", "mysql", "mongodb+srv", "redis", "amqp"])
    return wrapped(
      mixed(random, 14, `${alphanumeric}!$*`),
      `cannot connect to ${scheme}://app:`,
      "@db.example.com:5432/shop"
    )
  },
  queryParameter: (random) => {
    const key = pick(random, [
      "token",
      "access_token",
      "api_key",
      "apikey",
      "password",
      "client_secret",
      "sig",
      "X-Amz-Signature"
    ])
    return wrapped(mixed(random, 20), `GET https://api.example.com/v1/items?page=2&${key}=`, "&sort=asc 500")
  },
  fragment: (random) => wrapped(mixed(random, 30), "https://app.example.com/cb#access_token=", "&token_type=bearer"),
  json: (random) => {
    const key = pick(random, [
      "password",
      "passwd",
      "refreshToken",
      "clientSecret",
      "x-api-key",
      "sessionId",
      "private_key"
    ])
    return wrapped(mixed(random, 16), `{"user":"alice","${key}":"`, "\",\"retries\":3}")
  },
  setting: (random) => {
    const key = pick(random, ["DB_PASSWORD", "PGPASSWORD", "API_TOKEN", "SECRET_KEY", "password", "Pwd"])
    return wrapped(mixed(random, 16), `spawn failed, env ${key}=`, ", PATH=/usr/bin")
  },
  keyValueConnection: (random) =>
    wrapped(mixed(random, 12), "Server=db;Database=shop;Uid=app;Password=", ";Encrypt=true"),
  cookieHeader: (random) => wrapped(mixed(random, 26), "Cookie: theme=dark; connect.sid=", "\nHost: x"),
  encodedQuery: (random) =>
    wrapped(mixed(random, 20), "/login?next=https%3A%2F%2Fapp.example%2F%3Ftoken%3D", "%26x%3D1"),
  sqlLiteral: (random) => wrapped(mixed(random, 10), "near \"WHERE\": UPDATE users SET password = '", "' WHERE id = 7")
}

/** Keys whose values are secret whatever they look like. */
export const secretKeys = [
  "password",
  "user.password",
  "userPassword",
  "USER_PASSWORD",
  "password2",
  "password_hash",
  "password-confirmation",
  "passwd",
  "db_pwd",
  "passphrase",
  "secret",
  "client.secret",
  "clientSecret",
  "app_secrets",
  "token",
  "auth-token",
  "accessToken",
  "access_tokens",
  "X-CSRF-Token",
  "tokenValue",
  "authorization",
  "Proxy-Authorization",
  "http.request.header.authorization",
  "cookie",
  "http.response.header.set-cookie",
  "api_key",
  "apiKey",
  "APIKey",
  "x-api-key",
  "apikey",
  "aws.secretAccessKey",
  "encryption_key",
  "session",
  "session_id",
  "JSESSIONID",
  "connect.sid",
  "credential",
  "credentials",
  "private_key",
  "privateKey",
  "PGPASSWORD",
  "user[password]",
  "cvv",
  "card_number",
  "ssn",
  "jwt"
]
