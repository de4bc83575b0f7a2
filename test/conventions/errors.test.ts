import { assert, describe, it } from "@effect/vitest"
import { DatabaseError, ErrorType } from "effect-tracing/conventions"

const withCode = (code: string, message = "x"): Error => Object.assign(new Error(message), { code })

describe("ErrorType.transportErrorType", () => {
  const rows: ReadonlyArray<readonly [what: string, error: unknown, type: string | undefined]> = [
    ["a code of Node", withCode("ECONNREFUSED"), "ECONNREFUSED"],
    ["a code inside what fetch throws", new TypeError("fetch failed", { cause: withCode("ENOTFOUND") }), "ENOTFOUND"],
    ["a certificate's code", withCode("CERT_HAS_EXPIRED"), "CERT_HAS_EXPIRED"],
    ["a code of undici", withCode("UND_ERR_HEADERS_TIMEOUT"), "UND_ERR_HEADERS_TIMEOUT"],
    [
      "the innermost code",
      Object.assign(new Error("outer", { cause: withCode("ETIMEDOUT") }), { code: "OUTER" }),
      "ETIMEDOUT"
    ],
    [
      "the first of several addresses",
      new AggregateError([withCode("ECONNREFUSED"), withCode("EHOSTUNREACH")]),
      "ECONNREFUSED"
    ],
    ["a name without a code", new DOMException("The operation timed out", "TimeoutError"), "TimeoutError"],
    ["a tag", { _tag: "EncodeError" }, "EncodeError"],
    ["nothing to name", new Error("x"), undefined],
    ["a message that looks like a code is no code", withCode("connect failed"), undefined],
    ["text", "ECONNREFUSED", undefined],
    ["nothing", undefined, undefined]
  ]
  for (const [what, error, type] of rows) {
    it(`finds ${what}`, () => {
      assert.strictEqual(ErrorType.transportErrorType(error), type)
    })
  }

  it("ends on a chain of causes that bites its tail, and on getters that throw", () => {
    const error = new Error("x")
    error.cause = error
    assert.strictEqual(ErrorType.transportErrorType(error), undefined)
    const hostile = {
      get cause(): never {
        throw new Error("no")
      },
      get code(): never {
        throw new Error("no")
      }
    }
    assert.strictEqual(ErrorType.transportErrorType(hostile), undefined)
  })
})

describe("ErrorType.innermostMessage", () => {
  it("is what the last cause says", () => {
    const error = new Error("outer", { cause: new Error(" connect ECONNREFUSED \n") })
    assert.strictEqual(ErrorType.innermostMessage(error), "connect ECONNREFUSED")
    assert.strictEqual(ErrorType.innermostMessage(new Error("outer", { cause: new Error("") })), "outer")
    assert.strictEqual(ErrorType.innermostMessage({}), undefined)
  })
})

describe("DatabaseError.databaseStatusCode", () => {
  const reason = (cause: unknown) => ({ _tag: "SqlError", cause: { _tag: "UnknownError", cause } })
  const rows: ReadonlyArray<readonly [system: string, cause: unknown, code: string | undefined]> = [
    ["postgresql", { code: "23505" }, "23505"],
    ["postgresql", { code: "P0001" }, "P0001"],
    ["postgresql", { code: "XX000" }, "XX000"],
    ["postgresql", { code: "HV000" }, "HV000"],
    ["postgresql", { code: "00000" }, undefined],
    ["postgresql", { code: "01000" }, undefined],
    ["postgresql", { code: "EPIPE" }, undefined],
    ["postgresql", { code: "ECONNREFUSED" }, undefined],
    ["postgresql", { code: 23505 }, undefined],
    ["mysql", { code: "ER_DUP_ENTRY", errno: 1062, sqlState: "23000" }, "1062"],
    ["mysql", { code: "ECONNREFUSED", errno: -111 }, undefined],
    ["microsoft.sql_server", { number: 2627 }, "2627"],
    ["sqlite", { code: "SQLITE_CONSTRAINT_UNIQUE" }, "SQLITE_CONSTRAINT_UNIQUE"],
    ["sqlite", { code: "ERR_SQLITE_ERROR", errcode: 2067 }, "2067"],
    ["sqlite", { code: "ENOENT" }, undefined]
  ]
  for (const [system, cause, code] of rows) {
    it(`reads ${JSON.stringify(cause)} of ${system}`, () => {
      assert.strictEqual(DatabaseError.databaseStatusCode(reason(cause), system), code)
    })
  }

  it("gives way to what went wrong before the database was reached", () => {
    const error = reason(withCode("ECONNREFUSED"))
    assert.strictEqual(DatabaseError.databaseErrorType(error, undefined), "ECONNREFUSED")
    assert.strictEqual(DatabaseError.databaseErrorType(error, "23505"), "23505")
  })
})
