import { assert, describe, it } from "@effect/vitest"
import { Propagator, SqlComment } from "effect-tracing/propagation"

const context = {
  traceId: "12345678901234567890123456789012",
  spanId: "1234567890123456",
  traceFlags: 1,
  traceState: "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7",
  isRemote: false
}
const comment = "/*traceparent='00-12345678901234567890123456789012-1234567890123456-01'," +
  "tracestate='congo%3Dt61rcWkgMzE%2Crojo%3D00f067aa0ba902b7'*/"

describe("SqlComment.append", () => {
  it("puts keys in order and percent-encodes values", () => {
    assert.strictEqual(SqlComment.append("SELECT 1", Propagator.w3c, context), `SELECT 1 ${comment}`)
  })

  it("goes before the semicolon at the end", () => {
    assert.strictEqual(SqlComment.append("SELECT 1;\n", Propagator.w3c, context), `SELECT 1 ${comment};`)
  })

  it.each(["SELECT 1 /* mine */", "/* mine */ SELECT 1", "SELECT 1 -- mine"])("leaves %s as it is", (sql) => {
    assert.strictEqual(SqlComment.append(sql, Propagator.w3c, context), sql)
  })

  it("adds nothing where nothing is propagated", () => {
    assert.strictEqual(SqlComment.append("SELECT 1", Propagator.none, context), "SELECT 1")
  })

  it("lets no value close the comment, quote or bind anything", () => {
    const baggage = new Map([["key", { value: "*/ DROP TABLE posts; -- ' \" ? $1 :x %s", properties: undefined }]])
    const sql = SqlComment.append("SELECT 1", Propagator.fromNames(["baggage"]), { ...context, baggage })
    assert.match(sql, /^SELECT 1 \/\*baggage='[A-Za-z0-9%._~-]+'\*\/$/)
  })
})

describe("SqlComment.carrier", () => {
  it("reads the example of the specification", () => {
    const carrier = SqlComment.carrier(
      "SELECT * FROM FOO /*action='%2Fparam*d',controller='index,'framework='spring'," +
        "traceparent='00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01'," +
        "tracestate='congo%3Dt61rcWkgMzE%2Crojo%3D00f067aa0ba902b7'*/"
    )
    const extracted = Propagator.w3c.extract(carrier).context
    assert.strictEqual(extracted?.traceId, "5bd66ef5095369c7b0d1f8f4bd33716a")
    assert.strictEqual(extracted?.traceState, "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7")
    assert.deepStrictEqual(carrier.values("action"), ["/param*d"])
  })

  it.each([
    "SELECT 1",
    "SELECT 1 /*",
    "SELECT 1 */",
    "*/ SELECT /*",
    "SELECT 1 /**/",
    "SELECT 1 /*a*/",
    "SELECT 1 /*a='*/"
  ])(
    "finds nothing in %s",
    (sql) => {
      assert.deepStrictEqual([...SqlComment.carrier(sql).names()], [])
    }
  )
})
