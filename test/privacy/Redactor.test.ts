import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Redacted, Schema } from "effect"
import { Attributes } from "effect-tracing/model"
import { Redactor } from "effect-tracing/privacy"
import { harmless, harmlessKeys } from "./harmless.ts"
import { kinds, secretKeys, seeded } from "./secrets.ts"

const redactor = Redactor.make()

// Long texts are not remembered, so that what is tested is the search and not the memory of it.
const unremembered = (text: string) => `${text}${"\n".repeat(129)}`

const redacted = (text: string) => redactor.redactText(text)

const attributesOf = (record: Readonly<Record<string, unknown>>, rules?: Redactor.Rules): Record<string, unknown> => {
  const attributes = Attributes.fromRecord(record)
  Redactor.make(rules).redactAttributes(attributes)
  return attributes.toRecord()
}

describe("Redactor secrets in texts", () => {
  for (const [kind, generate] of Object.entries(kinds)) {
    it(`do not get out: ${kind}`, () => {
      const random = seeded(kind.length * 7919)
      for (let i = 0; i < 20; i++) {
        const { secret, text } = generate(random)
        for (const out of [redacted(text), redacted(unremembered(text))]) {
          assert.notInclude(out, secret, text)
          // Nor does a part that would make guessing the rest worth while.
          if (secret.length > 8) assert.notInclude(out, secret.slice(-6), text)
          assert.match(out, /\[redacted:[a-z_]+\]|REDACTED/)
        }
        assert.notInclude(redactor.redactUrl(text), secret)
        assert.notInclude(String(redactor.redactValue("note", text)), secret)
        assert.notInclude(String(redactor.redactValue("notes", ["ok", text])), secret)
      }
    })
  }

  it("do not get out when all stand in one text", () => {
    const random = seeded(3)
    const secrets = Object.values(kinds).map((generate) => generate(random))
    const out = redacted(secrets.map(({ text }) => text).join("\n"))
    for (const { secret } of secrets) assert.notInclude(out, secret)
  })
})

describe("Redactor harmless values", () => {
  it("finds nothing in UUIDs, which are passed over unread where they stand alone", () => {
    const { redactText } = Redactor.make({ email: true })
    const digits = ["4111111111111111", "ACCA2222", "5555444433332222", "abcdefab"]
    for (const first of digits) {
      for (let shift = 0; shift < 16; shift++) {
        const text = first.repeat(4).slice(shift, shift + 32)
        const uuid = text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
        assert.strictEqual(redactText(` ${uuid}`), ` ${uuid}`)
        assert.strictEqual(redactText(uuid), uuid)
      }
    }
  })

  it("are 500 and more", () => {
    assert.isAtLeast(harmless.length, 500)
  })

  for (const text of new Set(harmless)) {
    it(`stay as they are: ${JSON.stringify(text).slice(0, 80)}`, () => {
      assert.strictEqual(redacted(text), text)
      assert.strictEqual(redacted(unremembered(text)), unremembered(text))
      assert.strictEqual(redactor.redactUrl(text), text)
      assert.deepStrictEqual(attributesOf({ "some.attribute": text, list: [text] }), {
        "some.attribute": text,
        list: [text]
      })
    })
  }
})

describe("Redactor keys", () => {
  for (const key of secretKeys) {
    it(`redacts the value of ${key}`, () => {
      const { [key]: value } = attributesOf({ [key]: "any value at all" })
      assert.match(String(value), /^\[redacted:[a-z_]+\]$/)
    })
  }

  for (const key of harmlessKeys) {
    it(`leaves the value of ${key} alone`, () => {
      assert.deepStrictEqual(attributesOf({ [key]: "any value at all" }), { [key]: "any value at all" })
    })
  }

  it("says what was there", () => {
    assert.deepStrictEqual(attributesOf({ "user.password": "a", "x-api-key": "b", "set-cookie": ["c", "d"] }), {
      "user.password": "[redacted:password]",
      "x-api-key": "[redacted:api_key]",
      "set-cookie": ["[redacted:cookie]", "[redacted:cookie]"]
    })
  })

  it("redacts numbers and lists, and leaves truth values and empty texts", () => {
    assert.deepStrictEqual(attributesOf({ otp: 123456, passwords: [1, 2], password: true, secret: "" }), {
      otp: "[redacted:password]",
      passwords: ["[redacted:password]", "[redacted:password]"],
      password: true,
      secret: ""
    })
  })
})

describe("Redactor.redactAttributes", () => {
  it("takes a secret out of a key that had the same harmless value many times, and keeps that value after it", () => {
    const redactor = Redactor.make()
    const redact = (value: string) => redactor.redactValue("note", value)
    for (let i = 0; i < 5; i++) assert.strictEqual(redact("all is well"), "all is well")
    assert.strictEqual(redact("password=hunter2222"), "password=[redacted:password]")
    assert.strictEqual(redact("all is well"), "all is well")
    assert.strictEqual(redactor.redactValue("password", "all is well"), "[redacted:password]")
  })

  it("judges a value by its key although another key had it before", () => {
    const redactor = Redactor.make()
    const value = "a%5Bpassword%5D=hunter2222"
    for (let i = 0; i < 5; i++) redactor.redactValue("url.path", "passw%6Frd=hunter2222")
    assert.strictEqual(redactor.redactValue("url.query", "passw%6Frd=hunter2222"), "passw%6Frd=[redacted:password]")
    for (let i = 0; i < 5; i++) assert.notInclude(redactor.redactValue("url.query", value), "hunter")
  })

  it("changes only what is secret, in place, and says how much", () => {
    const attributes = Attributes.fromRecord({
      "http.request.method": "GET",
      "url.full": "https://api.example.com/?token=abc&page=2",
      "retry.count": 3,
      password: "hunter2"
    })
    assert.strictEqual(redactor.redactAttributes(attributes), 2)
    assert.deepStrictEqual(attributes.toRecord(), {
      "http.request.method": "GET",
      "url.full": "https://api.example.com/?token=[redacted:token]&page=2",
      "retry.count": 3,
      password: "[redacted:password]"
    })
    assert.strictEqual(redactor.redactAttributes(attributes), 0)
  })

  it("reads a query without its question mark, and keys that are percent-encoded", () => {
    assert.deepStrictEqual(attributesOf({ "url.query": "sig=abc&x=1", "url.full": "https://h/?%74oken=abc#a" }), {
      "url.query": "sig=REDACTED&x=1",
      "url.full": "https://h/?%74oken=[redacted:token]#a"
    })
  })

  it("finds the number of a card that is a number", () => {
    const number = 4_000_000_000_000_002
    assert.deepStrictEqual(attributesOf({ paid: number, order: number + 1 }), {
      paid: "[redacted:card]",
      order: number + 1
    })
  })

  it("prints no Redacted", () => {
    const { note } = attributesOf({ note: Redacted.make("hunter2"), password: Redacted.make("hunter2") })
    assert.include(String(note), "<redacted>")
    assert.notInclude(String(note), "hunter2")
  })

  it("redacts what objects were rendered to", () => {
    const { request } = attributesOf({ request: { user: "alice", password: "hunter2", nested: { apiKey: "k-1-2-3" } } })
    assert.deepStrictEqual(JSON.parse(String(request)), {
      user: "alice",
      password: "[redacted:password]",
      nested: { apiKey: "[redacted:api_key]" }
    })
  })
})

describe("Redactor.redactText", () => {
  it.each([
    ["password=hunter2, user=bob", "password=[redacted:password], user=bob"],
    ["password=ab,cd!e", "password=[redacted:password]"],
    ["{\"a\":{\"token\":\"abcd1234\"}}", "{\"a\":{\"token\":\"[redacted:token]\"}}"],
    ["{\\\"token\\\":\\\"abcd1234\\\",\\\"x\\\":1}", "{\\\"token\\\":\\\"[redacted:token]\\\",\\\"x\\\":1}"],
    ["{\"password\":\"a\\\"b\"}", "{\"password\":\"[redacted:password]\"}"],
    ["{\"passwords\":[\"a\",\"b\"],\"x\":1}", "{\"passwords\":[[redacted:password]],\"x\":1}"],
    ["{\n  \"set-cookie\": [\n    \"id=1\"\n  ]\n}", "{\n  \"set-cookie\": [[redacted:cookie]]\n}"],
    ["password=correct.horse", "password=[redacted:password]"],
    ["this.password = options.password", "this.password = options.password"],
    ["password: 'it is long'", "password: '[redacted:password]'"],
    ["'x-api-key': 'abc123'", "'x-api-key': '[redacted:api_key]'"],
    ["{ password => secret1 }", "{ password => [redacted:password] }"],
    ["user[password]=abc&user[name]=bob", "user[password]=[redacted:password]&user[name]=bob"],
    ["user%5Bpassword%5D=abc&x=1", "user%5Bpassword%5D=[redacted:password]&x=1"],
    ["Authorization: Bearer abc.def-123", "Authorization: [redacted:authorization]"],
    ["Set-Cookie: id=1; HttpOnly\nA: b", "Set-Cookie: [redacted:cookie]\nA: b"],
    ["mysql --user=app --password=s3cret db", "mysql --user=app --password=[redacted:password] db"],
    ["mysql --password s3cret --host db", "mysql --password [redacted:password] --host db"],
    ["deploy --token '0123abcd' now", "deploy --token '[redacted:token]' now"],
    ["https://alice:pw@h.example/p", "https://REDACTED:REDACTED@h.example/p"],
    ["https://alice@h.example/p", "https://REDACTED@h.example/p"],
    ["postgres://app:p@ss@db:5432/x", "postgres://app:[redacted:password]@db:5432/x"],
    ["postgres://app:p/w#1@db/x", "postgres://app:[redacted:password]@db/x"],
    ["redis://:pw@cache:6379", "redis://:[redacted:password]@cache:6379"],
    ["postgres://app@db/x", "postgres://app@db/x"],
    ["/cb?token=abc#top", "/cb?token=[redacted:token]#top"],
    ["/o?X-Amz-Credential=abc&X-Amz-Signature=def", "/o?X-Amz-Credential=REDACTED&X-Amz-Signature=REDACTED"]
  ])("makes of %s: %s", (text, expected) => {
    assert.strictEqual(redacted(text), expected)
  })

  it("redacts an exception's stack trace and keeps its frames", () => {
    const stack = "Error: GET https://h/?api_key=abc123 failed\n    at fetch (/app/src/token.ts:1:2)"
    assert.strictEqual(
      redacted(stack),
      "Error: GET https://h/?api_key=[redacted:api_key] failed\n    at fetch (/app/src/token.ts:1:2)"
    )
  })

  it("redacts a private key that was cut off", () => {
    assert.strictEqual(redacted(["x -----BEGIN PRIV", "ATE KEY-----\nabc"].join("")), "x [redacted:private_key]")
  })
})

describe("Redactor.make with rules of one's own", () => {
  it("takes keys as words, in any style", () => {
    const rules = { keys: ["customer_id", /^internal\./] }
    assert.deepStrictEqual(
      attributesOf({ customerId: "1", "x-customer-id": "2", "internal.note": "3", customer: "4" }, rules),
      {
        customerId: "[redacted:key]",
        "x-customer-id": "[redacted:key]",
        "internal.note": "[redacted:key]",
        customer: "4"
      }
    )
    assert.strictEqual(Redactor.make(rules).redactText("?customer_id=77&x=1"), "?customer_id=[redacted:key]&x=1")
  })

  it("takes keys with stars, each for any characters, as whole keys in any style", () => {
    const rules = { keys: ["x-tenant-*", "*pin*code"], exceptKeys: ["*.token"] }
    const attributes = attributesOf({
      "x-tenant-id": "1",
      xTenantName: "2",
      "x-tenants": "3",
      "my.x-tenant-id": "4",
      pinOrPassCode: "5",
      "spin.barcode": "6",
      "pin.codes": "7",
      "csrf.token": "8",
      token: "9"
    }, rules)
    assert.deepStrictEqual(
      Object.entries(attributes).filter(([, value]) => value === "[redacted:key]" || value === "[redacted:token]")
        .map(([key]) => key),
      ["x-tenant-id", "xTenantName", "pinOrPassCode", "spin.barcode", "token"]
    )
  })

  it("takes exceptions from the rules, for keys and for kinds", () => {
    const rules = { exceptKeys: ["csrf_token", /^demo\./], exceptKinds: ["session"] }
    const record = { "csrf-token": "a", "demo.password": "b", session_id: "c" }
    assert.deepStrictEqual(attributesOf({ ...record, token: "d" }, rules), { ...record, token: "[redacted:token]" })
  })

  it("takes UUIDs for any other text where there are patterns", () => {
    const { redactText } = Redactor.make({ patterns: [{ kind: "customer", pattern: /^c0ffee00-[-\da-f]+$/ }] })
    assert.strictEqual(redactText("c0ffee00-7b2a-4c4e-9c1d-000000000000"), "[redacted:customer]")
  })

  it("takes patterns, with or without the flag g", () => {
    const { redactText } = Redactor.make({ patterns: [{ kind: "customer", pattern: /CUST-\d+/ }] })
    assert.strictEqual(redactText("CUST-1 and CUST-22"), "[redacted:customer] and [redacted:customer]")
  })

  it("redacts e-mail addresses where asked", () => {
    const text = "from alice.b+c@mail.example.com to <bob@example.org>."
    assert.strictEqual(redacted(text), text)
    assert.strictEqual(Redactor.make({ email: true }).redactText(text), "from [redacted:email] to <[redacted:email]>.")
  })

  it("keeps the host of a URL where e-mail addresses are redacted", () => {
    const { redactText, redactUrl } = Redactor.make({ email: true })
    for (
      const [url, expected] of [
        [
          "https://me:hunter2@blog.example/?api_key=abc123",
          "https://REDACTED:REDACTED@blog.example/?api_key=[redacted:api_key]"
        ],
        ["https://me@blog.example/", "https://REDACTED@blog.example/"],
        ["https://me:pass/word#1@blog.example/", "https://REDACTED:REDACTED@blog.example/"],
        ["https://ada@mail.example:hunter2@blog.example/", "https://REDACTED:REDACTED@blog.example/"],
        ["postgres://ada:hunter2@db.example/blog", "postgres://ada:[redacted:password]@db.example/blog"],
        ["postgres://ada@db.example/blog", "postgres://ada@db.example/blog"],
        ["https://blog.example/authors/ada@mail.example", "https://blog.example/authors/[redacted:email]"],
        ["https://blog.example/?ada@mail.example", "https://blog.example/?[redacted:email]"]
      ] as const
    ) {
      assert.strictEqual(redactUrl(url), expected)
      assert.strictEqual(redactText(`GET ${url} by ada@mail.example`), `GET ${expected} by [redacted:email]`)
    }
  })

  it("redacts no cards where told not to", () => {
    const number = 4_000_000_000_000_002
    assert.strictEqual(Redactor.make({ exceptKinds: ["card"] }).redactText(`n ${number}`), `n ${number}`)
    assert.deepStrictEqual(attributesOf({ number }, { exceptKinds: ["card"] }), { number })
  })
})

describe("Redactor.counts", () => {
  it("counts by kind, and what is redacted already not again", () => {
    const { counts, redactText, redactValue } = Redactor.make()
    const once = redactText("password=hunter2 token=abcd1234 password=x")
    redactText(once)
    redactValue("token", redactValue("token", "abc"))
    assert.deepStrictEqual(counts(), { password: 2, token: 2 })
  })
})

describe("Redactor laws", () => {
  const random = seeded(11)
  const fragments = [
    Object.values(kinds).flatMap((generate) => [generate(random).text, generate(random).secret]),
    [
      "password",
      "token",
      "authorization",
      "cookie",
      "[redacted:token]",
      "REDACTED",
      "<redacted>",
      "Bearer ",
      "Basic "
    ],
    [
      "=",
      ":",
      ": ",
      "&",
      "?",
      "#",
      "\"",
      "'",
      "\\\"",
      "]",
      "[",
      "%3D",
      "%26",
      "://",
      "@",
      ",",
      ";",
      " ",
      "\n",
      "--",
      ".",
      "a1",
      "9"
    ]
  ].flat()
  const texts = Arbitrary.array(Arbitrary.schema(Schema.Literals(fragments)), { maxLength: 8 }).pipe(
    Arbitrary.map((parts) => parts.join(""))
  )
  const withEmail = Redactor.make({ email: true })

  it.effect.prop("redacting twice is redacting once", [texts], ([text]) =>
    Effect.sync(() => {
      for (const { redactText, redactUrl } of [redactor, withEmail]) {
        const once = redactText(text)
        assert.strictEqual(redactText(once), once)
        const url = redactUrl(text)
        assert.strictEqual(redactUrl(url), url)
      }
    }), { arbitrary: { runs: 2000 } })

  it.effect.prop(
    "texts of any characters are taken",
    [Schema.String, Schema.String],
    ([key, text]) =>
      Effect.sync(() => {
        redactor.kindOfKey(key)
        const once = redactor.redactText(text)
        assert.strictEqual(redactor.redactText(once), once)
      })
  )
})
