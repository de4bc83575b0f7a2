import { assert, describe, it } from "@effect/vitest"
import { TraceState } from "effect-tracing/propagation"

const members = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => {
    const number = String(index + from).padStart(2, "0")
    return `bar${number}=${number}`
  }).join(",")

describe("TraceState.parse", () => {
  it("reads a list of members in their order", () => {
    assert.strictEqual(TraceState.parse(["foo=1,bar=2"]), "foo=1,bar=2")
  })

  it("reads several headers as one list, in their order", () => {
    assert.strictEqual(
      TraceState.parse(["foo=1,bar=2", "rojo=1,congo=2", "baz=3"]),
      "foo=1,bar=2,rojo=1,congo=2,baz=3"
    )
  })

  it("finds nothing in no header and in empty headers", () => {
    assert.isUndefined(TraceState.parse([]))
    assert.isUndefined(TraceState.parse([""]))
    assert.isUndefined(TraceState.parse(["", " \t "]))
  })

  it("passes over an empty header before and behind another", () => {
    assert.strictEqual(TraceState.parse(["foo=1", ""]), "foo=1")
    assert.strictEqual(TraceState.parse(["", "foo=1"]), "foo=1")
  })

  it("passes over empty members and members of white space", () => {
    assert.strictEqual(TraceState.parse(["foo=1,, \t ,bar=2,"]), "foo=1,bar=2")
  })

  for (const list of ["foo=1,foo=1", "foo=1,foo=2"]) {
    it(`drops the list ${list} for its double key`, () => {
      assert.isUndefined(TraceState.parse([list]))
      assert.isUndefined(TraceState.parse(list.split(",")))
    })
  }

  it("takes every character the grammar allows", () => {
    const range = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index)).join("")
    const key = `${range(0x61, 0x7a)}0123456789_-*/`
    const value = range(0x20, 0x2b) + range(0x2d, 0x3c) + range(0x3e, 0x7e)
    assert.strictEqual(TraceState.parse([`${key}=${value}`]), `${key}=${value}`)
    assert.strictEqual(TraceState.parse([`${key}@a-z0-9_-*/=${value}`]), `${key}@a-z0-9_-*/=${value}`)
  })

  for (const list of ["foo=1 \t , \t bar=2, \t baz=3", "foo=1\t \t,\t \tbar=2,\t \tbaz=3", " foo=1,bar=2,baz=3\t"]) {
    it(`takes no notice of white space around the members of ${JSON.stringify(list)}`, () => {
      assert.strictEqual(TraceState.parse([list]), "foo=1,bar=2,baz=3")
    })
  }

  it("keeps white space at the beginning of a value", () => {
    assert.strictEqual(TraceState.parse(["foo= 1"]), "foo= 1")
  })

  for (const list of ["foo =1", "FOO=1", "foo.bar=1", "@foo=1,bar=2", "-foo=1", "_foo=1", "=1", "föö=1"]) {
    it(`drops the list ${list} for its key`, () => {
      assert.isUndefined(TraceState.parse([list]))
    })
  }

  for (const list of ["foo@=1", "foo@@bar=1", "foo@bar@baz=1", "1foo=1", "0=1"]) {
    it(`takes the key of ${list}, as level 2 does`, () => {
      assert.strictEqual(TraceState.parse([list]), list)
    })
  }

  for (
    const list of ["foo=bar=baz", "foo=,bar=3", "foo", "foo=1,bar", "foo=a\x7f", "foo=a\x00b", "foo=a\tb", "foo=é"]
  ) {
    it(`drops the list ${JSON.stringify(list)} for its value`, () => {
      assert.isUndefined(TraceState.parse([list]))
    })
  }

  for (let count = 1; count <= 32; count++) {
    it(`takes ${count} members`, () => {
      assert.strictEqual(TraceState.parse([members(count)]), members(count))
    })
  }

  it("takes 32 members of four headers and drops 33", () => {
    const headers = [members(10), members(10, 11), members(10, 21)]
    assert.strictEqual(TraceState.parse([...headers, members(2, 31)]), members(32))
    assert.isUndefined(TraceState.parse([...headers, members(3, 31)]))
  })

  it("does not count empty members", () => {
    assert.strictEqual(TraceState.parse([`${members(32)}${",".repeat(100)}`]), members(32))
  })

  it("takes a key of 256 characters and drops one of 257", () => {
    assert.strictEqual(TraceState.parse(["foo=1", `${"z".repeat(256)}=1`]), `foo=1,${"z".repeat(256)}=1`)
    assert.isUndefined(TraceState.parse(["foo=1", `${"z".repeat(257)}=1`]))
  })

  it("takes a value of 256 characters and drops one of 257", () => {
    assert.strictEqual(TraceState.parse([`foo=${"z".repeat(256)}`]), `foo=${"z".repeat(256)}`)
    assert.isUndefined(TraceState.parse([`foo=${"z".repeat(257)}`]))
  })

  it("keeps a list of 512 characters whole", () => {
    const list = [1, 2, 3, 4].map((key) => `key${key}=${"x".repeat(122)}`).join(",") + "x"
    assert.lengthOf(list, 512)
    assert.strictEqual(TraceState.parse([list]), list)
  })

  it("shortens a list of 513 characters by whole members, those over 128 characters first", () => {
    const long = `long=${"x".repeat(125)}`
    const rest = [1, 2, 3].map((key) => `key${key}=${"x".repeat(120)}`).join(",")
    const list = `${long},${rest},k=vv`
    assert.isAbove(list.length, 512)
    assert.strictEqual(TraceState.parse([list]), `${rest},k=vv`)
  })

  it("then shortens it from the end", () => {
    const list = [1, 2, 3, 4, 5].map((key) => `key${key}=${"x".repeat(120)}`)
    assert.strictEqual(TraceState.parse([list.join(",")]), list.slice(0, 4).join(","))
  })

  it("does not look at more than any valid list could hold", () => {
    assert.isUndefined(TraceState.parse([`foo=1${",".repeat(64 * 1024)}`]))
  })
})

describe("TraceState.set", () => {
  it("puts a new member in front", () => {
    assert.strictEqual(TraceState.set("foo=1,bar=2", "rojo", "3"), "rojo=3,foo=1,bar=2")
    assert.strictEqual(TraceState.set(undefined, "rojo", "3"), "rojo=3")
  })

  it("moves a changed member to the front and keeps the order of the rest", () => {
    assert.strictEqual(TraceState.set("foo=1,bar=2,baz=3", "bar", "9"), "bar=9,foo=1,baz=3")
  })

  it("gives up the last of 32 members for a new one", () => {
    assert.strictEqual(TraceState.set(members(32), "rojo", "3"), `rojo=3,${members(31)}`)
  })

  it("sets nothing that would break the list", () => {
    assert.strictEqual(TraceState.set("foo=1", "Foo", "1"), "foo=1")
    assert.strictEqual(TraceState.set("foo=1", "bar", "a,b"), "foo=1")
    assert.strictEqual(TraceState.set("foo=1", "bar", ""), "foo=1")
  })
})

describe("TraceState.get and remove", () => {
  it("finds a member by its whole key", () => {
    assert.strictEqual(TraceState.get("foobar=1,foo=2", "foo"), "2")
    assert.isUndefined(TraceState.get("foobar=1", "foo"))
    assert.isUndefined(TraceState.get(undefined, "foo"))
  })

  it("takes out one member and keeps the order of the rest", () => {
    assert.strictEqual(TraceState.remove("a=1,b=2,c=3", "b"), "a=1,c=3")
    assert.isUndefined(TraceState.remove("a=1", "a"))
  })
})

describe("TraceState OpenTelemetry member", () => {
  it("reads threshold and randomness", () => {
    const traceState = "foo=1,ot=th:c;rv:0123456789abcd;other:x"
    assert.strictEqual(TraceState.threshold(traceState), "c")
    assert.strictEqual(TraceState.randomness(traceState), "0123456789abcd")
  })

  for (const value of ["th:", "th:C", "th:0123456789abcde", "th:xyz"]) {
    it(`reads no threshold in ot=${value}`, () => {
      assert.isUndefined(TraceState.threshold(`ot=${value}`))
    })
  }

  for (const value of ["rv:0123456789abc", "rv:0123456789abcde", "rv:0123456789abcG"]) {
    it(`reads no randomness in ot=${value}`, () => {
      assert.isUndefined(TraceState.randomness(`ot=${value}`))
    })
  }

  it("sets the threshold, moves the member to the front and keeps its other fields", () => {
    assert.strictEqual(
      TraceState.setThreshold("foo=1,ot=rv:0123456789abcd;th:8;other:x", "c"),
      "ot=rv:0123456789abcd;th:c;other:x,foo=1"
    )
  })

  it("takes the threshold out, and the member with its last field", () => {
    assert.strictEqual(TraceState.setThreshold("foo=1,ot=th:8", undefined), "foo=1")
    assert.strictEqual(TraceState.setThreshold("foo=1,ot=rv:0", undefined), "foo=1,ot=rv:0")
  })

  it("keeps fields of our own beside those of others", () => {
    const traceState = TraceState.setFields("foo=1,ot=th:8", TraceState.ownKey, { f: "1" })
    assert.strictEqual(traceState, `${TraceState.ownKey}=f:1,foo=1,ot=th:8`)
    assert.deepStrictEqual([...TraceState.getFields(traceState, TraceState.ownKey)], [["f", "1"]])
  })
})
