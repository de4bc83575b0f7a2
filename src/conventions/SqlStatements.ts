import type { SqlDialect } from "./SqlDialect.ts"
import { SqlLexer } from "./SqlLexer.ts"
import type { SqlVerb } from "./SqlVerbs.ts"
import { clauseWords, dataVerbs, objectKinds, sqlVerbs, wordsBeforeName } from "./SqlVerbs.ts"

/** One operation of a statement and the names it is about, both as they are written. */
export interface SqlOperation {
  name: string
  readonly targets: Array<string>
}

/** What one pass over a text found. */
export interface SqlReading {
  /** Operations in the order of a summary: those of a main statement before those of its common table expressions. */
  readonly operations: ReadonlyArray<SqlOperation>
  /** The main operation of each statement. */
  readonly mains: ReadonlyArray<SqlOperation>
  readonly collections: ReadonlySet<string>
  readonly procedure: string | undefined
  readonly hasParameters: boolean
  /** Whether there is a literal or a comment that sanitising would take out. */
  readonly hasLiterals: boolean
}

/** More than 255 characters can name; beyond it nothing is kept, so that memory stays bounded too. */
const maximumKept = 128
const maximumDepth = 256
const maximumNameLength = 255

const openParenthesis = 40
const closeParenthesis = 41
const closeBracket = 93
const comma = 44
const dot = 46
const semicolon = 59

/** One level of parentheses. */
class Frame {
  operation: SqlOperation | undefined = undefined
  verb: SqlVerb | undefined = undefined
  /** Whether a verb may come next. */
  atStart = true
  /** Whether verbs that change data may begin it, as in a common table expression. */
  readonly takesData: boolean
  /** Whether the next name is a target. */
  expecting: boolean
  /** Whether a comma brings the next target. */
  inList: boolean
  /** Whether `USING` belongs to a join. */
  joined = false
  /** Inside `WITH`, before the main verb. */
  inWith = false
  expectingWithName = false
  opaque = false
  readonly sink: Array<SqlOperation>
  /** Operations of this level's common table expressions. */
  withOperations: Array<SqlOperation> | undefined = undefined

  constructor(sink: Array<SqlOperation>, takesData: boolean, parent: Frame | undefined) {
    this.sink = sink
    this.takesData = takesData
    this.expecting = parent !== undefined && parent.expecting
    this.inList = this.expecting
    if (parent !== undefined && parent.expecting) {
      this.operation = parent.operation
      this.verb = parent.verb
    }
  }
}

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
 * Reads operations and their targets out of a text that may hold any number of statements, in one pass.
 *
 * **Details**
 *
 * This is no parser of SQL: it knows where the names of tables may stand, and passes over the rest. What it cannot make
 * sense of it leaves out.
 */
export class SqlReader implements SqlReading {
  readonly operations: Array<SqlOperation> = []
  readonly mains: Array<SqlOperation> = []
  readonly collections = new Set<string>()
  procedure: string | undefined = undefined
  hasParameters = false
  hasLiterals = false

  private readonly text: string
  private readonly lexer: SqlLexer
  private readonly withNames = new Set<string>()
  private frames: Array<Frame> = []
  private frame: Frame
  private tooDeep = 0
  /** Whether the statement at hand has its main operation. */
  private hasMain = false
  /** The token at hand was read ahead and is still to be dealt with. */
  private again = false
  private afterDot = false
  /** A routine's body may hold statements of its own: what follows it is not told from them. */
  private inRoutine = false
  private wordBefore = ""

  constructor(text: string, dialect: SqlDialect) {
    this.text = text
    this.lexer = new SqlLexer(text, dialect)
    this.frame = new Frame(this.operations, true, undefined)
    while (this.advance()) this.token()
    this.endStatement()
  }

  private advance(): boolean {
    if (this.again) {
      this.again = false
      return true
    }
    if (!this.lexer.next()) return false
    if (this.lexer.afterComment) this.hasLiterals = true
    switch (this.lexer.kind) {
      case "parameter":
        this.hasParameters = true
        break
      case "text":
      case "number":
        this.hasLiterals = true
        break
    }
    return true
  }

  private token(): void {
    const { frame, lexer } = this
    if (lexer.kind === "mark") return this.mark(lexer.first)
    if (this.afterDot) {
      this.afterDot = false
      return
    }
    if (frame.opaque || this.tooDeep > 0) return
    switch (lexer.kind) {
      case "word":
        return this.word()
      case "name":
        if (frame.expectingWithName) {
          this.addWithName()
        } else if (frame.expecting) {
          this.target()
        } else {
          frame.atStart = false
        }
        return
      default:
        frame.atStart = false
        frame.expecting = false
    }
  }

  private mark(code: number): void {
    const { frame } = this
    const wasDot = this.afterDot
    this.afterDot = code === dot && !wasDot
    switch (code) {
      case openParenthesis:
        return this.open()
      case closeParenthesis:
        return this.close()
      case comma:
        if (frame.inWith) frame.expectingWithName = true
        else if (frame.inList) frame.expecting = true
        return
      case semicolon:
        if (this.frames.length === 0 && this.tooDeep === 0) this.endStatement()
        return
      case dot:
        return
      default:
        frame.expecting = false
    }
  }

  private open(): void {
    const { frame } = this
    if (this.frames.length >= maximumDepth) {
      this.tooDeep++
      return
    }
    const body = frame.inWith && (this.wordBefore === "AS" || this.wordBefore === "MATERIALIZED")
    const options = frame.expecting && frame.verb?.options === true
    const sink = frame.inWith ? frame.withOperations ??= [] : frame.sink
    const isCopied = frame.expecting && frame.operation?.name.toUpperCase() === "COPY"
    const child = new Frame(sink, body || isCopied, options ? undefined : frame)
    child.opaque = frame.opaque || options
    if (!options) {
      frame.expecting = false
      if (frame.verb?.wraps !== true) frame.atStart = false
    }
    this.frames.push(frame)
    this.frame = child
  }

  private close(): void {
    if (this.tooDeep > 0) {
      this.tooDeep--
      return
    }
    const parent = this.frames.pop()
    if (parent === undefined) return
    this.settle(this.frame)
    this.frame = parent
    this.wordBefore = ""
  }

  private settle(frame: Frame): void {
    if (frame.withOperations === undefined) return
    for (const operation of frame.withOperations) this.keep(frame.sink, operation)
    frame.withOperations = undefined
  }

  private keep(sink: Array<SqlOperation>, operation: SqlOperation): void {
    if (sink.length < maximumKept) sink.push(operation)
  }

  private endStatement(): void {
    for (let frame: Frame | undefined = this.frame; frame !== undefined; frame = this.frames.pop()) this.settle(frame)
    this.frames = []
    this.tooDeep = 0
    this.hasMain = false
    this.withNames.clear()
    this.wordBefore = ""
    this.afterDot = false
    this.frame = new Frame(this.operations, true, undefined)
    this.frame.opaque = this.inRoutine
  }

  private word(): void {
    const { frame, lexer } = this
    const written = lexer.end - lexer.start <= 20 ? lexer.written : ""
    const word = written.toUpperCase()
    const before = this.wordBefore
    this.wordBefore = word
    if (frame.inWith) return this.wordOfWith(word, written)
    if (frame.atStart && this.begins(word, written)) return
    if (frame.expecting) {
      if (wordsBeforeName.has(word) || (word === "OR" && frame.operation !== undefined)) return
      // INSERT OR REPLACE INTO: the word after OR is no table.
      if (before === "OR") return
      if (word === "DUAL") {
        frame.expecting = false
        return
      }
      if (!clauseWords.has(word) && word !== "SELECT" && word !== "FROM" && word !== "USING" && word !== "ON") {
        return this.target()
      }
      frame.expecting = false
    }
    this.keyword(word, written, before)
  }

  private keyword(word: string, written: string, before: string): void {
    const { frame } = this
    switch (word) {
      case "SELECT":
        return this.begin(sqlVerbs.get(word)!, written)
      case "FROM":
        if (frame.verb?.from !== true || before === "DISTINCT") return
        // DELETE p FROM posts p: what stood before FROM was an alias.
        if (frame.verb.query !== true && frame.operation?.name.toUpperCase() === "DELETE") this.forgetTargets()
        frame.expecting = true
        frame.inList = true
        frame.joined = false
        return
      case "JOIN":
      case "STRAIGHT_JOIN":
      case "APPLY":
        if (frame.inList) {
          frame.expecting = true
          frame.joined = true
        }
        return
      case "USING":
        if (frame.joined) frame.joined = false
        else if (frame.operation !== undefined && /^(?:DELETE|MERGE)$/i.test(frame.operation.name)) {
          frame.expecting = true
          frame.inList = true
        }
        return
      case "WITH":
        // INSERT INTO posts WITH recent AS (...) SELECT
        if (frame.operation?.name.toUpperCase() === "INSERT") this.beginWith()
        return
      case "INTO":
        if (frame.verb?.query === true) frame.expecting = true
        return
      case "AS":
        if (frame.verb?.defines === true || frame.verb?.wraps === true) frame.atStart = true
        return
    }
    if (clauseWords.has(word)) {
      frame.inList = false
      frame.joined = false
    }
  }

  private wordOfWith(word: string, written: string): void {
    const { frame } = this
    if (frame.expectingWithName) {
      if (word !== "RECURSIVE") this.addWithName()
      return
    }
    const verb = sqlVerbs.get(word)
    if (verb === undefined || !(verb.query === true || dataVerbs.has(word))) return
    frame.inWith = false
    this.begin(verb, written)
  }

  private addWithName(): void {
    const { frame, lexer } = this
    frame.expectingWithName = false
    if (lexer.end - lexer.start <= maximumNameLength && this.withNames.size < maximumKept) {
      this.withNames.add(this.part().toLowerCase())
    }
  }

  private beginWith(): void {
    const { frame } = this
    frame.atStart = false
    frame.expecting = false
    frame.inWith = true
    frame.expectingWithName = true
  }

  /** Deals with a word where a verb may stand; says whether it was one. */
  private begins(word: string, written: string): boolean {
    const { frame } = this
    if (word === "WITH" && frame.verb?.names !== "collection") {
      this.beginWith()
      return true
    }
    if (word === "VALUES" && frame.expecting) {
      frame.atStart = false
      frame.expecting = false
      frame.inList = false
      return true
    }
    const verb = sqlVerbs.get(word)
    const isRoot = this.frames.length === 0
    const wrapped = frame.verb?.wraps === true
    const allowed = verb !== undefined &&
      (verb.query === true || (isRoot && !(wrapped && word === "ANALYZE")) || (frame.takesData && dataVerbs.has(word)))
    if (allowed) {
      this.begin(verb, written)
      return true
    }
    // EXPLAIN ANALYZE VERBOSE SELECT, PREPARE name AS SELECT: words may stand between the two verbs.
    if (wrapped) return true
    frame.atStart = false
    if (isRoot && frame.operation === undefined) frame.opaque = true
    return false
  }

  private begin(verb: SqlVerb, written: string): void {
    const { frame } = this
    // Common table expressions have a sink of their own.
    const isMain = !this.hasMain && frame.sink === this.operations
    const operation: SqlOperation = { name: written, targets: [] }
    frame.operation = operation
    frame.verb = verb
    frame.atStart = verb.wraps === true
    frame.joined = false
    frame.inList = false
    frame.expecting = false
    this.keep(frame.sink, operation)
    if (isMain) {
      this.hasMain = true
      if (this.mains.length < maximumKept) this.mains.push(operation)
    }
    if (verb.joins !== undefined) this.join(operation, verb.joins)
    if (verb.defines === true) return this.define(operation)
    frame.inList = verb.list === true
    if (verb.names === "collection") {
      frame.expecting = true
      return
    }
    if (verb.names !== "nothing") this.object(verb.names === "procedure", operation)
    frame.opaque = verb.opaque === true
  }

  /** Adds the words to the operation's name that follow at once and belong to it. */
  private join(operation: SqlOperation, words: ReadonlyArray<string>): void {
    while (this.advance()) {
      if (this.lexer.kind !== "word" || !words.includes(this.lexer.written.toUpperCase())) {
        this.again = true
        return
      }
      operation.name += " " + this.lexer.written
    }
  }

  /** Reads the name of an object that is no table: a setting, a channel, a procedure. */
  private object(isProcedure: boolean, operation: SqlOperation): void {
    if (!this.advance()) return
    if (this.lexer.kind !== "word" && this.lexer.kind !== "name") {
      this.again = true
      return
    }
    const name = this.name()
    if (name === undefined) return
    operation.targets.push(name)
    if (isProcedure) this.procedure ??= name
  }

  /** Reads what kind of object is created, altered or dropped, and its name. */
  private define(operation: SqlOperation): void {
    const { frame, lexer } = this
    for (let words = 0; words < 12; words++) {
      if (!this.advance()) return
      if (lexer.kind !== "word") {
        this.again = lexer.kind === "mark"
        continue
      }
      const word = lexer.written.toUpperCase()
      const kind = objectKinds.get(word)
      if (kind === undefined) {
        if (word === "MATERIALIZED" || word === "FOREIGN") operation.name += " " + lexer.written
        continue
      }
      operation.name += " " + lexer.written
      switch (kind) {
        case "collection":
          frame.expecting = true
          frame.inList = /^DROP/i.test(operation.name)
          return
        case "index":
          return this.defineIndex(operation)
        case "nothing":
          frame.opaque = true
          return
        default:
          this.inRoutine = kind === "routine"
          this.skipWordsBeforeName()
          this.object(false, operation)
          frame.opaque = true
          return
      }
    }
    frame.opaque = true
  }

  private skipWordsBeforeName(): void {
    while (this.advance()) {
      if (this.lexer.kind !== "word" || !wordsBeforeName.has(this.lexer.written.toUpperCase())) {
        this.again = true
        return
      }
    }
  }

  /** CREATE INDEX name ON table: the index is named, the table is the collection. */
  private defineIndex(operation: SqlOperation): void {
    const { frame, lexer } = this
    this.skipWordsBeforeName()
    if (!this.advance()) return
    if (lexer.kind === "name" || (lexer.kind === "word" && lexer.written.toUpperCase() !== "ON")) {
      const name = this.name()
      if (name !== undefined) operation.targets.push(name)
    } else {
      this.again = true
    }
    if (this.advance() && lexer.kind === "word" && lexer.written.toUpperCase() === "ON") {
      this.skipWordsBeforeName()
      if (this.advance()) this.targetOrAgain()
    } else {
      this.again = lexer.kind === "mark"
    }
    frame.opaque = true
  }

  private targetOrAgain(): void {
    if (this.lexer.kind === "word" || this.lexer.kind === "name") this.target()
    else this.again = true
  }

  private forgetTargets(): void {
    const targets = this.frame.operation?.targets
    if (targets === undefined) return
    for (const target of targets) this.collections.delete(target)
    targets.length = 0
  }

  /** Takes the name at hand as a target of the operation at hand. */
  private target(): void {
    const { frame } = this
    frame.expecting = false
    frame.atStart = false
    const name = this.name()
    const operation = frame.operation
    if (name === undefined || operation === undefined) return
    // A name followed by a parenthesis is a function where tables are read, and a table where rows are written.
    const isCall = this.again && this.lexer.kind === "mark" && this.lexer.first === openParenthesis
    if (isCall && frame.verb?.from === true) return
    if (this.withNames.has(name.toLowerCase())) return
    if (this.collections.size < maximumKept) this.collections.add(name)
    if (operation.targets.length < maximumKept && !operation.targets.includes(name)) operation.targets.push(name)
  }

  /** The token at hand as a name, without quotes where it needs none. */
  private part(): string {
    const { lexer } = this
    return lexer.kind === "name" && isClosed(this.text, lexer.start, lexer.end) &&
        isPlainName(this.text, lexer.start + 1, lexer.end - 1)
      ? this.text.slice(lexer.start + 1, lexer.end - 1)
      : lexer.written
  }

  /** Reads a name with its qualifiers; `undefined` for one too long to be worth keeping. */
  private name(): string | undefined {
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
        this.again = true
        break
      }
      long ||= name.length > maximumNameLength
    }
    return long || name.length > maximumNameLength ? undefined : name
  }
}
