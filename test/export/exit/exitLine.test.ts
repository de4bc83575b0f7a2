import { assert, describe, it } from "@effect/vitest"
import { exitLine } from "effect-tracing/export"
import { Ledger } from "effect-tracing/ledger"

/** A ledger of ten spans, of which so many were exported and the others are in no exporter's hands yet. */
const ledgerWith = (exported: number): Ledger => {
  const ledger = new Ledger()
  for (let i = 0; i < 10; i++) {
    ledger.start()
    ledger.move("active", i < exported ? "exported" : "queued")
  }
  return ledger
}

describe("exitLine", () => {
  it("says nothing where nothing was lost, unless it is always asked for", () => {
    const { balance } = ledgerWith(10)
    assert.isUndefined(exitLine({ balance, longestOutageMillis: 0, report: "loss" }))
    assert.strictEqual(
      exitLine({ balance, longestOutageMillis: 0, report: "always" }),
      "Tracing: of 10 spans 10 were exported, none was lost"
    )
  })

  it("tells what was lost for which reason, and what is not delivered", () => {
    const ledger = ledgerWith(7)
    ledger.drop("queued", "queue_full", 2)
    assert.strictEqual(
      exitLine({ balance: ledger.balance, longestOutageMillis: 0, report: "loss" }),
      "Tracing: of 10 spans 7 were exported; lost: queue_full 2, not yet sent 1"
    )
  })

  it("tells what may have arrived twice, and a long outage", () => {
    const ledger = ledgerWith(10)
    ledger.maybeDoubled(3)
    assert.strictEqual(
      exitLine({ balance: ledger.balance, longestOutageMillis: 61_000, report: "loss" }),
      "Tracing: of 10 spans 10 were exported, none was lost; 3 may have arrived twice; the collector failed for up to 61 s"
    )
  })

  it("never says a word where that is what is asked for", () => {
    assert.isUndefined(exitLine({ balance: ledgerWith(0).balance, longestOutageMillis: 0, report: "never" }))
  })
})
