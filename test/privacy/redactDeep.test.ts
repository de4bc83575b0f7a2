import { assert, describe, it } from "@effect/vitest"
import { Data, HashMap, Option, Redacted } from "effect"
import { redactDeep, Redactor } from "effect-tracing/privacy"
import { inspect } from "node:util"
import { harmless } from "./harmless.ts"
import { kinds, seeded } from "./secrets.ts"

class Refused extends Data.TaggedError("Refused")<{ readonly message: string; readonly apiKey: string }> {}

class Account {
  readonly name = "ann"
  readonly password = "hunter2-a"
  toJSON() {
    return { name: this.name }
  }
}

const redactor = Redactor.make()
const redact = (value: unknown): unknown => redactDeep(redactor, value)
const shown = (value: unknown): string => inspect(value, { depth: 20, showHidden: true, getters: true })

const cyclic = { inner: { token: "hunter2-b" }, self: {} }
cyclic.self = cyclic

describe("redactDeep", () => {
  const secrets: ReadonlyArray<readonly [what: string, value: unknown]> = [
    ["a text", "password=hunter2-c"],
    ["a property", { user: { password: "hunter2-d" } }],
    ["an object below a secret key", { credentials: { user: "a", pin: "hunter2-e" } }],
    ["a list", ["a", ["token=hunter2-f1"]]],
    ["a map", new Map([["api_key", "hunter2-g"]])],
    ["a key of a map", new Map([["token=hunter2-h1", 1]])],
    ["a set", new Set(["secret=hunter2-i"])],
    ["a message of an error, and its stack", new Error("token=hunter2-j1")],
    ["a cause of a cause", new Error("a", { cause: new Error("b", { cause: "pwd=hunter2-k" }) })],
    ["several errors", new AggregateError([new Error("pwd=hunter2-l")], "several")],
    ["a tagged error", new Refused({ message: "refused", apiKey: "hunter2-m" })],
    ["an object that hides it from JSON alone", new Account()],
    ["an object that holds itself", cyclic],
    ["an Option", Option.some("pwd=hunter2-n")],
    ["a HashMap", HashMap.make(["a", { password: "hunter2-o" }])],
    ["a property that is a symbol", { [Symbol("pwd")]: "pwd=hunter2-p" }],
    ["a property that is computed", {
      get password() {
        return "hunter2-q"
      }
    }],
    ["a property that throws", {
      password: "hunter2-r",
      get broken() {
        throw new Error("no")
      }
    }]
  ]
  for (const [what, value] of secrets) {
    it(`takes the secret out of ${what}`, () => {
      assert.match(shown(value), /hunter2/)
      const out = redact(value)
      assert.notMatch(shown(out), /hunter2/)
      assert.match(shown(out), /\[redacted:[a-z_]+\]/)
      // The program's own value is not touched.
      assert.match(shown(value), /hunter2/)
    })
  }

  const unchanged: ReadonlyArray<readonly [what: string, value: unknown]> = [
    ["texts", "author: Jane Doe"],
    ["numbers", NaN],
    ["nothing", undefined],
    ["objects", { a: 1, b: [true, null, 12n], c: new Date(0), d: Buffer.from("password=x") }],
    ["errors", new Error("timed out after 10 s")],
    ["functions", () => "password=x"],
    ["a Redacted", { password: Redacted.make("hunter2"), held: Redacted.make("hunter2") }],
    ["what JSON cannot show", {
      toJSON: () => {
        throw new Error("no")
      }
    }]
  ]
  for (const [what, value] of unchanged) {
    it(`gives back ${what} without secrets as the same`, () => {
      assert.strictEqual(Object.is(redact(value), value), true)
    })
  }

  it("takes each kind of secret out of a nested value and leaves 500 harmless ones", () => {
    const random = seeded(7)
    for (const generate of Object.values(kinds)) {
      const { secret, text } = generate(random)
      assert.notInclude(shown(redact({ list: [{ note: text }], error: new Error(text) })), secret)
    }
    const all = { harmless, nested: new Map([["all", harmless]]) }
    assert.strictEqual(redact(all), all)
  })

  it("keeps the prototypes of what it copies", () => {
    const out = redact(new Refused({ message: "token=hunter2-x1", apiKey: "a" }))
    assert.instanceOf(out, Refused)
    assert.strictEqual(out._tag, "Refused")
  })

  it("says so where nobody could follow, and comes to an end", () => {
    let deep: unknown = "password=hunter2"
    for (let i = 0; i < 10_000; i++) deep = { deep }
    const out = redact(deep)
    assert.notMatch(JSON.stringify(out), /hunter2/)
    assert.match(JSON.stringify(out), /\[redacted:too_deep\]/)
  })
})
