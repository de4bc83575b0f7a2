import type { Facts } from "./facts.ts"
import type { Bound } from "./Row.ts"

/** The bound of the queue and 64 MiB, in mebibytes. */
const mostMemory = 64 + 64
/** The longest the event loop may be kept from its work, in milliseconds. */
const mostBusy = 50

/**
 * Says what of a row is beyond its bound; nothing where it holds.
 *
 * @param isLong whether memory and times count: in the short form they are those of a machine that does other things
 */
export const judge = (facts: Facts, bound: Bound, isLong: boolean): ReadonlyArray<string> => {
  const { doubled, early, imbalance, lines, log, lost, refused, told, toTell, unsure, unwritten } = facts
  const mostLost = bound.lost?.(facts) ?? 0
  const mostDoubled = bound.doubled?.(facts) ?? 0
  // A process that was killed cannot tell, and what it wrote is at the next start.
  const untold = lost - unwritten - told.lost - told.onDisk - (bound.untold?.(facts) ?? 0)
  // Nor of what was under way at that moment.
  const mostToTell = told.maybeDoubled + (facts.codes.includes("SIGKILL") ? facts.unanswered : 0)
  const failures: ReadonlyArray<readonly [boolean, string]> = [
    [facts.emitted === 0 || facts.unmade > 0, `the program failed: ${log}`],
    [lost > mostLost, `lost ${lost}, at most ${mostLost}`],
    [untold > 0, `${untold} lost without a word`],
    [told.lost > lost + unsure, `tells of ${told.lost} lost, but ${lost} are`],
    [refused > 0 && told.lost < refused, `${refused} were refused, ${told.lost} told`],
    [doubled > mostDoubled, `doubled ${doubled}, at most ${mostDoubled}`],
    [toTell > mostToTell, `${toTell} are there more than once, ${told.maybeDoubled} told`],
    [early > 0, `${early} requests before their Retry-After`],
    [imbalance !== undefined, `the ledger does not balance: ${imbalance}`],
    [lines.length > facts.codes.length, "more than one line at the exit"],
    [bound.tells?.test(log) === false, `does not tell ${bound.tells}`],
    [isLong && facts.memory > mostMemory, `${facts.memory} MiB, at most ${mostMemory}`],
    [isLong && facts.busy > mostBusy, `event loop busy for ${facts.busy} ms, at most ${mostBusy}`],
    [isLong && facts.ending > (bound.endsWithin ?? Infinity), `ends in ${facts.ending} ms, at most ${bound.endsWithin}`]
  ]
  return failures.flatMap(([isSo, text]) => isSo ? [text] : [])
}
