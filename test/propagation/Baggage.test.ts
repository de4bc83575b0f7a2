import { assert, describe, it } from "@effect/vitest"
import { Baggage } from "effect-tracing/propagation"

const read = (...values: ReadonlyArray<string>): Record<string, string> =>
  Object.fromEntries([...Baggage.parse(values) ?? []].map(([key, { value }]) => [key, value]))

describe("Baggage.parse", () => {
  it("reads the examples of the specification", () => {
    assert.deepStrictEqual(read("userId=alice,serverNode=DF%2028,isProduction=false"), {
      userId: "alice",
      serverNode: "DF 28",
      isProduction: "false"
    })
    assert.deepStrictEqual(read("userId =   alice", "serverNode = DF%2028, isProduction = false"), {
      userId: "alice",
      serverNode: "DF 28",
      isProduction: "false"
    })
  })

  it("keeps properties as they came", () => {
    const baggage = Baggage.parse([
      "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue"
    ])
    assert.deepStrictEqual([...baggage!], [
      ["key1", { value: "value1", properties: "property1;property2" }],
      ["key2", { value: "value2", properties: undefined }],
      ["key3", { value: "value3", properties: "propertyKey=propertyValue" }]
    ])
  })

  it("takes equals signs in a value, and an empty value", () => {
    assert.deepStrictEqual(read("a=b=c==,d="), { a: "b=c==", d: "" })
  })

  it("lets the last of a key that comes twice count", () => {
    assert.deepStrictEqual(read("a=1,b=2,a=3"), { a: "3", b: "2" })
  })

  it("drops malformed members alone", () => {
    assert.deepStrictEqual(read("a,=b,c d=e,f=g h,i=\"j\",k=l\\,é=1,m=ü,n=o,,p=q"), { n: "o", p: "q" })
  })

  it("drops malformed properties alone", () => {
    assert.strictEqual(Baggage.parse(["a=1;b;c d;e=f g;h=i"])?.get("a")?.properties, "b;h=i")
  })

  it("decodes UTF-8, with U+FFFD for bytes that are none", () => {
    assert.deepStrictEqual(read("a=%E2%82%AC,b=%E2%82,c=%FF,d=%zz%,e=%4"), {
      a: "€",
      b: "\ufffd",
      c: "\ufffd",
      d: "%zz%",
      e: "%4"
    })
  })

  it("finds nothing in no header, an empty one and one of commas", () => {
    assert.isUndefined(Baggage.parse([]))
    assert.isUndefined(Baggage.parse([""]))
    assert.isUndefined(Baggage.parse([" , ,,"]))
  })

  it("reads 180 members of 8,192 bytes and no more", () => {
    const list = Array.from({ length: 200 }, (_, index) => `k${index}=1`).join(",")
    assert.strictEqual(Baggage.parse([list])?.size, 180)
    assert.strictEqual(Baggage.parse([`a=${"x".repeat(8190)}`])?.size, 1)
    assert.isUndefined(Baggage.parse([`a=${"x".repeat(8191)}`]))
    assert.deepStrictEqual(Object.keys(read(`a=1,b=${"x".repeat(9000)},c=1`)), ["a"])
  })

  it("counts the bytes of all headers together", () => {
    assert.deepStrictEqual(Object.keys(read(`a=${"x".repeat(5000)}`, `b=${"x".repeat(5000)}`)), ["a"])
  })

  it("keeps the whole members before the 8,192nd byte of a longer header, and reads none after it", () => {
    const filled = (length: number): string => `a=1,b=${"x".repeat(length - 6)}`
    assert.deepStrictEqual(Object.keys(read(`${filled(8192)},c=1`)), ["a", "b"])
    assert.deepStrictEqual(Object.keys(read(`${filled(8193)},c=1`)), ["a"])
    assert.deepStrictEqual(Object.keys(read(filled(4096), "c=1".padEnd(4095), "d=1")), ["a", "b", "c"])
    assert.deepStrictEqual(Object.keys(read(filled(4096), `c=1,${" ".repeat(4091)},d=1`, "e=1")), ["a", "b", "c"])
    assert.isUndefined(Baggage.parse(["x".repeat(64 * 1024)]))
    assert.isUndefined(Baggage.parse([`${"x".repeat(8192)},a=1`]))
  })

  it("passes over 179 malformed members to the 180th, and no further", () => {
    assert.deepStrictEqual(read(`${"?,".repeat(179)}a=1,b=2`), { a: "1" })
    assert.isUndefined(Baggage.parse([`${"?,".repeat(180)}a=1`]))
  })

  it("passes over thousands of empty properties", () => {
    assert.strictEqual(Baggage.parse([`a=1${";".repeat(8000)}b`])?.get("a")?.properties, "b")
  })

  it("keeps the byte order mark a value begins with", () => {
    assert.deepStrictEqual(read("a=%EF%BB%BFx"), { a: "\ufeffx" })
  })

  it("reads as a map does, however it is looked into first", () => {
    const parse = () => Baggage.parse(["a=1,b=%32;p"])!
    const a = { value: "1", properties: undefined }
    const b = { value: "2", properties: "p" }
    assert.deepStrictEqual([...parse()], [["a", a], ["b", b]])
    assert.deepStrictEqual([...parse().entries()], [["a", a], ["b", b]])
    assert.deepStrictEqual([...parse().keys()], ["a", "b"])
    assert.deepStrictEqual([...parse().values()], [a, b])
    assert.strictEqual(parse().size, 2)
    assert.isTrue(parse().has("b"))
    assert.isFalse(parse().has("c"))
    assert.deepStrictEqual(parse().get("b"), b)
    assert.isUndefined(parse().get("c"))
    const baggage = parse()
    const seen: Array<unknown> = []
    baggage.forEach((...each) => seen.push(each))
    assert.deepStrictEqual(seen, [[a, "a", baggage], [b, "b", baggage]])
  })

  it("makes ordinary entries of names every object has", () => {
    assert.strictEqual(Baggage.parse(["__proto__=1,constructor=2"])?.size, 2)
  })
})

describe("Baggage.format", () => {
  it("percent-encodes what a value may not hold", () => {
    assert.strictEqual(
      Baggage.format(Baggage.fromRecord({ a: "DF 28", b: "50%,\";\\é\n", c: "€" })),
      "a=DF%2028,b=50%25%2C%22%3B%5C%C3%A9%0A,c=%E2%82%AC"
    )
  })

  it("leaves out keys that are no token", () => {
    assert.strictEqual(
      Baggage.format(Baggage.fromRecord({ "a b": "1", "": "2", "é": "3", "a\r\nb": "4", c: "5" })),
      "c=5"
    )
  })

  it("leaves out properties that could break the header", () => {
    const baggage = new Map([["a", { value: "1", properties: "p=1;q,b=2;r\r\nx: y;s" }]])
    assert.strictEqual(Baggage.format(baggage), "a=1;p=1;s")
  })

  it("stays within 180 members and 8,192 bytes, by whole members", () => {
    const many = Baggage.fromRecord(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, "v"])))
    assert.lengthOf(Baggage.format(many).split(","), 180)
    const large = Baggage.fromRecord({ a: "x".repeat(8000), b: "y".repeat(500), c: "z" })
    assert.strictEqual(Baggage.format(large), `a=${"x".repeat(8000)},c=z`)
  })
})
