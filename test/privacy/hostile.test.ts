import { assert, describe, it } from "@effect/vitest"
import { redactDeep, Redactor } from "effect-tracing/privacy"

const redactor = Redactor.make({
  email: true,
  keys: ["customer_id", "*a*a*a*a*a*a*b", "customer_*_*_*_id"],
  exceptKeys: ["*token*a*token*a*x"]
})
const megabyte = 1_000_000

// Whatever reads on from each place where a secret could begin, or looks back from each place where a key could end, takes more than 10^11
// steps for one of these, and the test's time runs out.
const pieces = [
  ["a", "A", "9", "é", "\0", " ", "\n", ".", "-", "_", "%", "=", ":", "?", "[", "]", "\"", "\\", "\\\"", "@"],
  ["eyJ", "eyJ.", "eyJ a", "eyJaaaaa.", "sk-", "sk-a1A", "ghp_a ", "xoxb-1", "xoxb-a ", "AKIA", "whsec_", "glpat-."],
  ["bearer ", "Bearer a", "bearer%20", "basic aaaaaa ", "Basic ====", "earer"],
  [
    "://",
    "a://",
    "https://a:",
    "http://a:b",
    "http://a:b@",
    "a:b@",
    "a@",
    "a@b.",
    "@a",
    "://hooks.slack.com/services/a"
  ],
  [
    "token=",
    "token=[\"",
    "token=['a'",
    "token=,",
    "token=a ",
    "token=true ",
    "token:",
    "token: a,",
    "\"token\":\"",
    "token=a)b",
    "password=(a",
    "password='\\'"
  ],
  [
    "authorization: a ",
    "authorization: bearer a ",
    "authorization:\"",
    "cookie: a ",
    "cookie: =",
    "set-cookie:a;b\n"
  ],
  [
    "%3",
    "%3D",
    "%3Deyj",
    "token%3D%26",
    "a=b&",
    "customer_id=",
    "]:",
    "token]=",
    "  :",
    "=>",
    "--",
    "---",
    "--token ",
    "--token a "
  ],
  ["1 ", "1-", "4111 ", "4111-", "4111 1111 1111 1111 ", "-----BEGIN ", "-----BEGIN PRIVATE KEY", "-----END"]
].flat()

describe("Redactor on a megabyte", () => {
  for (const piece of pieces) {
    it(`of ${JSON.stringify(piece)} comes to an end`, () => {
      const text = piece.repeat(Math.ceil(megabyte / piece.length))
      assert.isString(redactor.redactText(text))
      assert.isString(redactor.redactUrl(text.slice(0, megabyte / 4)))
      redactor.kindOfKey(text)
      redactDeep(redactor, { list: [text], error: new Error(text) })
    })
  }

  it("finds the one secret at its end", () => {
    const filler = "GET /posts/1 200 12ms a=b c: d https://example.com/x\n".repeat(megabyte / 53)
    assert.strictEqual(redactor.redactText(`${filler}password=hunter2`), `${filler}password=[redacted:password]`)
  })

  it("remembers keys and texts without end in bounded space", () => {
    for (let i = 0; i < 20_000; i++) {
      redactor.kindOfKey(`key-${i}-token`)
      assert.strictEqual(redactor.redactText(`text number ${i}`), `text number ${i}`)
    }
    assert.strictEqual(redactor.kindOfKey("key-1-token"), "token")
    assert.isUndefined(redactor.kindOfKey("key-1-count"))
  })
})
