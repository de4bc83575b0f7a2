import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { Trust } from "effect-tracing/propagation"

const trust = (mode: Trust.TrustMode, ...trustedPeers: ReadonlyArray<string>) =>
  Result.getOrThrow(Trust.make({ mode, trustedPeers }))

const neighbours = [
  "127.0.0.1",
  "::1",
  "::ffff:127.0.0.1",
  "10.1.2.3",
  "::ffff:192.168.0.9",
  "172.20.0.2",
  "fd00::2",
  "fe80::1%eth0"
]
const strangers = ["8.8.8.8", "::ffff:8.8.8.8", "2001:4860:4860::8888", "100.64.0.1", "not an address", "", undefined]

describe("Trust.decide", () => {
  for (const peer of neighbours) {
    it(`takes ${peer} for a parent by default, within the local rate and without force`, () => {
      assert.deepStrictEqual(trust("auto").decide(peer), {
        relation: "parent",
        sampled: "limited",
        force: false,
        baggage: true
      })
    })
  }

  for (const peer of strangers) {
    it(`takes ${JSON.stringify(peer)} for a link by default, and believes nothing else of it`, () => {
      assert.deepStrictEqual(trust("auto").decide(peer), {
        relation: "link",
        sampled: "ignored",
        force: false,
        baggage: false
      })
    })
  }

  it("lets nobody unlisted force, follow his own flag beyond the rate, or plant baggage from afar, in any mode", () => {
    for (const mode of ["auto", "parent", "link", "none"] as const) {
      for (const peer of [...neighbours, ...strangers]) {
        const decision = trust(mode).decide(peer)
        assert.isFalse(decision.force)
        assert.notStrictEqual(decision.sampled, "believed")
      }
      for (const peer of strangers) assert.isFalse(trust(mode).decide(peer).baggage)
    }
  })

  it("takes everybody for a parent in mode parent, nobody in link and none", () => {
    for (const peer of [...neighbours, ...strangers]) {
      assert.strictEqual(trust("parent").decide(peer).relation, "parent")
      assert.strictEqual(trust("link").decide(peer).relation, "link")
      assert.strictEqual(trust("none").decide(peer).relation, "ignore")
    }
  })

  for (const mode of ["auto", "parent", "link", "none"] as const) {
    it(`believes listed peers in everything in mode ${mode}`, () => {
      const { decide } = trust(mode, "203.0.113.0/24", " 2001:db8::/32 ", "198.51.100.7")
      for (const peer of ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::1", "198.51.100.7"]) {
        assert.deepStrictEqual(decide(peer), { relation: "parent", sampled: "believed", force: true, baggage: true })
      }
      assert.isFalse(decide("203.0.114.1").force)
      assert.isFalse(decide("198.51.100.8").force)
    })
  }

  it("takes a listed IPv4 address in IPv6 form for what it is", () => {
    assert.isTrue(trust("link", "::ffff:198.51.100.7").decide("198.51.100.7").force)
  })

  it("remembers no more peers than it says, and still decides right", () => {
    const { decide } = trust("auto")
    for (let i = 0; i < 3000; i++) {
      assert.strictEqual(decide(`10.0.${i >> 8}.${i & 255}`).relation, "parent")
      assert.strictEqual(decide(`8.0.${i >> 8}.${i & 255}`).relation, "link")
    }
  })
})

describe("Trust.make", () => {
  it.each(["proxy.example", "10.0.0.0/33", "fd00::/129", "", "*", "10.0.0.0/8:80"])("fails for the peer %j", (peer) => {
    const result = Trust.make({ mode: "auto", trustedPeers: ["10.0.0.1", peer] })
    assert.isTrue(Result.isFailure(result))
    if (Result.isFailure(result)) {
      assert.deepStrictEqual(result.failure.problems.map((problem) => problem.entry), [peer])
      assert.include(result.failure.message, "203.0.113.0/24")
    }
  })
})
