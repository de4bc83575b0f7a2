import type { Balance } from "effect-tracing/ledger"

/**
 * Says what is wrong with a ledger in which the accounts do not add up to what was started, or one is below zero; `undefined`
 * where it balances.
 */
export const imbalance = (balance: Balance): string | undefined => {
  const { dropped, lateWrites: _, maybeDoubled: __, started, ...accounts } = balance
  const counts = Object.entries({ ...accounts, ...dropped })
  const sum = counts.reduce((total, [, count]) => total + count, 0)
  const negative = counts.find(([, count]) => count < 0)
  if (sum === started && negative === undefined) return undefined
  return `${sum === started ? "" : `${started} started, ${sum} accounted for; `}${JSON.stringify(balance)}`
}
