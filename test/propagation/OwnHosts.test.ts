import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { OwnHosts } from "effect-tracing/propagation"

const own = (...targets: ReadonlyArray<string>) => Result.getOrThrow(OwnHosts.make(targets))

describe("OwnHosts.make without targets", () => {
  it.each([
    "localhost",
    "LOCALHOST",
    "localhost.",
    "app.localhost",
    "127.0.0.1",
    "127.255.0.3",
    "::1",
    "[::1]",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "fc00::1",
    "[fdab::1]",
    "fe80::1",
    "fe80::1%eth0",
    "::ffff:10.0.0.1",
    "[::ffff:7f00:1]",
    "posts-db",
    "my_service",
    "redis1",
    "printer.local",
    "api.corp.internal",
    "api.default.svc",
    "api.default.svc.cluster.local",
    "nas.home.arpa",
    "NAS.Home.Arpa."
  ])("tells %s", (host) => {
    assert.isTrue(own().isOwn(host))
    assert.isTrue(own().isOwn(host, 8080))
  })

  it.each([
    "example.com",
    "api.example.com",
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "192.169.0.1",
    "100.64.0.1",
    "2001:db8::1",
    "[2001:4860:4860::8888]",
    "::ffff:8.8.8.8",
    "local.example.com",
    "notlocalhost.com",
    "internal.example.com",
    "localhost.example.com",
    "10.0.0.1.example.com",
    "127.0.0.1.nip.io",
    "134744072",
    "0x08080808",
    "127.1",
    "010.0.0.1",
    "",
    ".",
    ".local",
    "a b",
    "a/b.local",
    "user@host.local",
    "x".repeat(300)
  ])("does not tell %j", (host) => {
    assert.isFalse(own().isOwn(host))
  })
})

describe("OwnHosts.make with targets", () => {
  it("adds an exact host, in any case and not what is under it", () => {
    const { isOwn } = own("API.Example.com")
    assert.isTrue(isOwn("api.example.com"))
    assert.isTrue(isOwn("API.EXAMPLE.COM."))
    assert.isFalse(isOwn("v1.api.example.com"))
    assert.isFalse(isOwn("xapi.example.com"))
    assert.isFalse(isOwn("example.com"))
  })

  it.each([".example.com", "*.example.com"])("adds what is under %s, and not the name itself", (target) => {
    const { isOwn } = own(target)
    assert.isTrue(isOwn("a.example.com"))
    assert.isTrue(isOwn("b.a.Example.com"))
    assert.isFalse(isOwn("example.com"))
    assert.isFalse(isOwn("badexample.com"))
    assert.isFalse(isOwn("example.com.evil.org"))
  })

  it("adds a network of either family, and an address", () => {
    const { isOwn } = own("203.0.113.0/24", "2001:db8::/32", "198.51.100.7", "2001:db9::1")
    assert.isTrue(isOwn("203.0.113.200"))
    assert.isFalse(isOwn("203.0.114.1"))
    assert.isTrue(isOwn("[2001:db8:1::1]"))
    assert.isFalse(isOwn("2001:db7::1"))
    assert.isTrue(isOwn("198.51.100.7"))
    assert.isTrue(isOwn("::ffff:198.51.100.7"))
    assert.isFalse(isOwn("198.51.100.8"))
    assert.isTrue(isOwn("2001:db9:0::1"))
    assert.isFalse(isOwn("203.0.113.200.example.com"))
  })

  it("takes a network whose host bits are set", () => {
    assert.isTrue(own("203.0.113.77/24").isOwn("203.0.113.1"))
  })

  it("adds what a regular expression finds", () => {
    const { isOwn } = own("/^api-\\d+\\.example\\.com$/", "/SHOP/i")
    assert.isTrue(isOwn("api-7.example.com"))
    assert.isFalse(isOwn("api-x.example.com"))
    assert.isTrue(isOwn("shop.example.org"))
  })

  it("adds every host with *", () => {
    assert.isTrue(own("*").isOwn("anything.example"))
  })

  it.each([
    ["api.example.com:8443", "api.example.com"],
    ["*.example.com:8443", "api.example.com"],
    ["203.0.113.0/24:8443", "203.0.113.9"],
    ["[2001:db8::/32]:8443", "2001:db8::1"],
    ["[2001:db8::1]:8443", "2001:db8::1"],
    ["/example/:8443", "api.example.com"],
    ["*:8443", "api.example.com"]
  ])("keeps the port of %s", (target, host) => {
    const { isOwn } = own(target)
    assert.isTrue(isOwn(host, 8443))
    assert.isFalse(isOwn(host, 443))
    assert.isFalse(isOwn(host))
  })

  it("remembers no more hosts than it says, and still decides right", () => {
    const { isOwn } = own(".example.com")
    for (let i = 0; i < 5000; i++) {
      assert.isTrue(isOwn(`h${i}.example.com`))
      assert.isFalse(isOwn(`h${i}.example.org`))
    }
    assert.isTrue(isOwn("h0.example.com"))
  })

  it("judges one host by its ports apart", () => {
    const { isOwn } = own("api.example.com:1")
    assert.isTrue(isOwn("api.example.com", 1))
    assert.isFalse(isOwn("api.example.com", 2))
    assert.isTrue(isOwn("api.example.com", 1))
  })
})

describe("OwnHosts.make with targets that cannot be understood", () => {
  it.each([
    "",
    "a b",
    "http://api.example.com",
    "api.example.com/path",
    "api.example.com:0",
    "api.example.com:99999",
    "*example.com",
    "*.",
    ".",
    "/(/",
    "/x",
    "/x/g",
    "203.0.113.0/33",
    "2001:db8::/129",
    "203.0.113.0/",
    "300.0.0.1/8"
  ])("fails for %j and says what is allowed", (target) => {
    const result = OwnHosts.make(["good.example", target])
    assert.isTrue(Result.isFailure(result))
    if (Result.isFailure(result)) {
      assert.strictEqual(result.failure._tag, "HostListError")
      assert.deepStrictEqual(result.failure.problems.map((problem) => problem.entry), [target])
      assert.include(result.failure.message, JSON.stringify(target))
      assert.include(result.failure.message, "*.example.com")
    }
  })

  it("names every such entry at once", () => {
    const result = OwnHosts.make(["a b", "good.example", "/(/"])
    assert.deepStrictEqual(
      Result.isFailure(result) ? result.failure.problems.map((problem) => problem.entry) : [],
      ["a b", "/(/"]
    )
  })
})
