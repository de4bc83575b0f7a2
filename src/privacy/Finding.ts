/** A secret found in a text, and what goes in its place. */
export interface Finding {
  readonly kind: string
  readonly start: number
  readonly end: number
  readonly replacement: string
}

/**
 * Looks for secrets of one sort, in time that grows with the text's length alone, and adds what it finds. Scanners look for a character
 * or a length that few texts have before they look closer: most texts hold nothing, and that is to cost next to nothing.
 */
export type Scanner = (text: string, found: Array<Finding>) => void
