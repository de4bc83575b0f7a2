import type { SqlDialect } from "./SqlDialect.ts"
import { SqlLexer } from "./SqlLexer.ts"
import { wordsBeforeName } from "./SqlVerbs.ts"

const dot = 46
const closeBracket = 93

/** No name in a summary, or of a table, is longer. */
export const maximumNameLength = 255

const isPlainName = (text: string, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    const plain = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) ||
      code === 95 || code === 45 || code === 36 || code > 127
    if (!plain) return false
  }
  return to > from
}

const isClosed = (text: string, start: number, end: number): boolean => {
  const last = text.charCodeAt(end - 1)
  return end - start > 2 && (last === closeBracket || last === text.charCodeAt(start))
}

/**
 * Walks over the tokens of a text with one token of looking ahead, reads names of several parts, and notes whether
 * there are parameters.
 */
export class SqlCursor {
  /** Whether there was a placeholder. */
  hasParameters = false
  readonly lexer: SqlLexer
  private readonly text: string
  /** The token at hand was read ahead and is still to be dealt with. */
  private again = false

  constructor(text: string, dialect: SqlDialect) {
    this.text = text
    this.lexer = new SqlLexer(text, dialect)
  }

  /** Leaves the token at hand to whoever advances next. */
  putBack(): void {
    this.again = true
  }

  /** Whether the token at hand was put back and is this character. */
  isNext(code: number): boolean {
    return this.again && this.lexer.kind === "mark" && this.lexer.first === code
  }

  get isName(): boolean {
    return this.lexer.kind === "word" || this.lexer.kind === "name"
  }

  /** The word at hand in upper case; empty for anything else. */
  get word(): string {
    return this.lexer.kind === "word" ? this.lexer.written.toUpperCase() : ""
  }

  advance(): boolean {
    if (this.again) {
      this.again = false
      return true
    }
    if (!this.lexer.next()) return false
    if (this.lexer.kind === "parameter") this.hasParameters = true
    return true
  }

  /** Gives the words that follow at once and are among those given, as they are written, each after a blank. */
  following(words: ReadonlyArray<string>): string {
    let found = ""
    while (this.advance()) {
      if (!words.includes(this.word)) {
        this.putBack()
        break
      }
      found += " " + this.lexer.written
    }
    return found
  }

  /** Passes over what may stand before a name. */
  skipWordsBeforeName(): void {
    while (this.advance()) {
      if (!wordsBeforeName.has(this.word)) return this.putBack()
    }
  }

  /** The token at hand as a name, without quotes where it needs none. */
  part(): string {
    const { lexer } = this
    return lexer.kind === "name" && isClosed(this.text, lexer.start, lexer.end) &&
        isPlainName(this.text, lexer.start + 1, lexer.end - 1)
      ? this.text.slice(lexer.start + 1, lexer.end - 1)
      : lexer.written
  }

  /** Reads a name with its qualifiers; `undefined` for one too long to be worth keeping. */
  name(): string | undefined {
    const { lexer } = this
    let name = this.part()
    let long = false
    let joining = false
    while (this.advance()) {
      if (lexer.kind === "mark" && lexer.first === dot) {
        joining = true
        if (!long) name += "."
      } else if (joining && (lexer.kind === "word" || lexer.kind === "name")) {
        joining = false
        if (!long) name += this.part()
      } else {
        this.putBack()
        break
      }
      long ||= name.length > maximumNameLength
    }
    return long || name.length > maximumNameLength ? undefined : name
  }
}
