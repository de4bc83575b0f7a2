import { assert, describe, it } from "@effect/vitest"
import { HttpMethod, HttpStatus, HttpUrl, NetworkAddress } from "effect-tracing/conventions"

describe("HttpMethod", () => {
  it("knows the methods of the conventions and no other spelling", () => {
    for (const method of "CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE".split(" ")) {
      assert.strictEqual(HttpMethod.methodOf(method), method)
    }
    for (const method of ["get", "PURGE", "", "GET "]) assert.strictEqual(HttpMethod.methodOf(method), "_OTHER")
  })

  it("knows only what it is told, when told", () => {
    assert.strictEqual(HttpMethod.methodOf("PURGE", new Set(["PURGE"])), "PURGE")
    assert.strictEqual(HttpMethod.methodOf("GET", new Set(["PURGE"])), "_OTHER")
  })

  it("names spans by method and target", () => {
    assert.strictEqual(HttpMethod.spanName("GET", "/posts/:id"), "GET /posts/:id")
    assert.strictEqual(HttpMethod.spanName("GET", undefined), "GET")
    assert.strictEqual(HttpMethod.spanName("_OTHER", undefined), "HTTP")
    assert.strictEqual(HttpMethod.spanName("_OTHER", "/any"), "HTTP /any")
  })
})

describe("HttpStatus.isErrorStatus", () => {
  const rows: ReadonlyArray<readonly [code: number, server: boolean, client: boolean]> = [
    [100, false, false],
    [101, false, false],
    [200, false, false],
    [304, false, false],
    [399, false, false],
    [400, false, true],
    [404, false, true],
    [499, false, true],
    [500, true, true],
    [599, true, true],
    [0, true, true],
    [600, true, true]
  ]
  for (const [code, server, client] of rows) {
    it(`reads ${code}`, () => {
      assert.strictEqual(HttpStatus.isErrorStatus(code, "server"), server)
      assert.strictEqual(HttpStatus.isErrorStatus(code, "client"), client)
    })
  }
})

describe("HttpUrl.redactUrl", () => {
  const rows: ReadonlyArray<readonly [url: string, redacted: string]> = [
    ["https://blog.example/posts?page=1#top", "https://blog.example/posts?page=1#top"],
    ["https://alice:secret@blog.example/", "https://REDACTED:REDACTED@blog.example/"],
    ["https://alice@blog.example/", "https://REDACTED@blog.example/"],
    ["https://:secret@blog.example/", "https://REDACTED:REDACTED@blog.example/"],
    ["https://alice:se@cret@blog.example/a@b", "https://REDACTED:REDACTED@blog.example/a@b"],
    ["https://blog.example/@alice", "https://blog.example/@alice"],
    ["https://blog.example?to=a@b", "https://blog.example?to=a@b"],
    ["https://blog.example/?sig=a&x=1", "https://blog.example/?sig=REDACTED&x=1"],
    ["https://u:p@blog.example/?sig=a#sig=b", "https://REDACTED:REDACTED@blog.example/?sig=REDACTED#sig=b"],
    ["https://blog.example/#?sig=a", "https://blog.example/#?sig=a"],
    ["/posts?sig=a", "/posts?sig=REDACTED"],
    ["", ""],
    ["?", "?"],
    ["//u:p@", "//REDACTED:REDACTED@"],
    ["https://u:p@blog.example", "https://REDACTED:REDACTED@blog.example"]
  ]
  for (const [url, redacted] of rows) {
    it(`makes ${JSON.stringify(url)} fit`, () => {
      assert.strictEqual(HttpUrl.redactUrl(url), redacted)
      assert.strictEqual(HttpUrl.redactUrl(redacted), redacted)
    })
  }
})

describe("HttpUrl.redactQuery", () => {
  const rows: ReadonlyArray<readonly [query: string, redacted: string]> = [
    ["", ""],
    ["page=1&sign=2&signature=3&token=4", "page=1&sign=2&signature=3&token=4"],
    [
      "X-Amz-Signature=a&X-Amz-Credential=b&X-Amz-Security-Token=c&sig=d&X-Goog-Signature=e",
      "X-Amz-Signature=REDACTED&X-Amz-Credential=REDACTED&X-Amz-Security-Token=REDACTED&sig=REDACTED&X-Goog-Signature=REDACTED"
    ],
    ["x-amz-signature=a", "x-amz-signature=REDACTED"],
    ["sig&sig=&sig=a=b&=sig", "sig&sig=REDACTED&sig=REDACTED&=sig"],
    ["a=1&&sig=b&", "a=1&&sig=REDACTED&"]
  ]
  for (const [query, redacted] of rows) {
    it(`makes ${JSON.stringify(query)} fit`, () => {
      assert.strictEqual(HttpUrl.redactQuery(query), redacted)
    })
  }

  it("reads 1 MB of hostile queries", () => {
    for (const text of ["&", "sig=", "sig&", "=", "sig=a&"]) {
      const query = text.repeat(1_000_000 / text.length)
      assert.notInclude(HttpUrl.redactQuery(query), "sig=a")
    }
  })
})

describe("NetworkAddress", () => {
  const addresses: ReadonlyArray<readonly [address: string, clean: string]> = [
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:127.0.0.1", "127.0.0.1"],
    ["::FFFF:127.0.0.1", "127.0.0.1"],
    ["::ffff:7f00:1", "127.0.0.1"],
    ["::ffff:c0a8:0a01", "192.168.10.1"],
    ["[::ffff:127.0.0.1]", "127.0.0.1"],
    ["[::1]", "::1"],
    ["::1", "::1"],
    ["2001:db8::ffff:1", "2001:db8::ffff:1"],
    ["::ffff:0:1:2", "::ffff:0:1:2"],
    ["fe80::1%eth0", "fe80::1%eth0"],
    ["blog.example", "blog.example"],
    ["", ""],
    ["[", "["]
  ]
  for (const [address, clean] of addresses) {
    it(`writes ${JSON.stringify(address)} as the conventions do`, () => {
      assert.strictEqual(NetworkAddress.cleanAddress(address), clean)
    })
  }

  const authorities: ReadonlyArray<readonly [text: string, address: string | undefined, port?: number | undefined]> = [
    ["blog.example", "blog.example"],
    ["blog.example:8080", "blog.example", 8080],
    ["127.0.0.1:80", "127.0.0.1", 80],
    ["[::1]:8080", "::1", 8080],
    ["[::1]", "::1"],
    ["::1", "::1"],
    ["[::ffff:127.0.0.1]:1", "127.0.0.1", 1],
    ["blog.example:99999", "blog.example"],
    ["blog.example:", "blog.example"],
    ["blog.example:x", "blog.example"],
    [":80", undefined],
    ["", undefined],
    ["a".repeat(2000), undefined]
  ]
  for (const [text, address, port] of authorities) {
    it(`reads ${JSON.stringify(text.slice(0, 40))} as an authority`, () => {
      assert.deepStrictEqual(
        NetworkAddress.parseAuthority(text),
        address === undefined ? undefined : { address, port }
      )
    })
  }
})
