import type { Account, Balance } from "effect-tracing/ledger"

// An object, so that the compiler asks for an account that is new.
const accounts: Readonly<Record<Account, true>> = {
  active: true,
  sampledOut: true,
  keptBack: true,
  queued: true,
  inFlight: true,
  spooled: true,
  exported: true,
  rejected: true
}

const isAccount = (name: string): boolean => name in accounts

/**
 * Says what is wrong with a ledger in which the accounts do not add up to what was started, or one is below zero; `undefined`
 * where it balances.
 */
export const imbalance = ({ dropped, started, ...balance }: Balance): string | undefined => {
  const counts = [...Object.entries(balance).filter(([name]) => isAccount(name)), ...Object.entries(dropped)]
  const sum = counts.reduce((total, [, count]) => total + count, 0)
  const below = counts.filter(([, count]) => count < 0)
  if (sum === started && below.length === 0) return undefined
  return `${started} started, ${sum} accounted for: ${counts.map(([name, count]) => `${name} ${count}`).join(", ")}`
}
