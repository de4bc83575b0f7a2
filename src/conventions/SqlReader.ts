import { maximumNameLength, SqlCursor } from "./SqlCursor.ts"
import type { SqlDialect } from "./SqlDialect.ts"
import type { SqlOperation } from "./SqlFrame.ts"
import { SqlFrame } from "./SqlFrame.ts"
import type { SqlLexer } from "./SqlLexer.ts"
import type { SqlVerb } from "./SqlVerbs.ts"
import { clauseWords, dataVerbs, objectKinds, sqlVerbs, wordsBeforeName } from "./SqlVerbs.ts"

/** More than 255 characters can name; beyond it nothing is kept, so that memory stays bounded too. */
const maximumKept = 128
const maximumDepth = 256

const openParenthesis = 40
const closeParenthesis = 41
const comma = 44
const dot = 46
const semicolon = 59

const keep = (sink: Array<SqlOperation>, operation: SqlOperation): void => {
  if (sink.length < maximumKept) sink.push(operation)
}

/**
 * Reads operations and their targets out of a text that may hold any number of statements, in one pass.
 *
 * **Details**
 *
 * This is no parser of SQL: it knows where the names of tables may stand, and passes over the rest. What it cannot make
 * sense of it leaves out.
 */
export class SqlReader {
  /** In the order of a summary: those of a main statement before those of its common table expressions. */
  readonly operations: Array<SqlOperation> = []
  /** The main operation of each statement. */
  readonly mains: Array<SqlOperation> = []
  readonly collections = new Set<string>()
  procedure: string | undefined = undefined
  private readonly cursor: SqlCursor
  private readonly lexer: SqlLexer
  private readonly withNames = new Set<string>()
  private frames: Array<SqlFrame> = []
  private frame: SqlFrame
  private tooDeep = 0
  /** Whether the statement at hand has its main operation. */
  private hasMain = false
  private afterDot = false
  /** A routine's body may hold statements of its own: what follows it is not told from them. */
  private inRoutine = false
  private wordBefore = ""

  constructor(text: string, dialect: SqlDialect) {
    this.cursor = new SqlCursor(text, dialect)
    this.lexer = this.cursor.lexer
    this.frame = new SqlFrame(this.operations, true, undefined)
    while (this.cursor.advance()) this.token()
    this.endStatement()
  }

  /** Whether the text has placeholders. */
  get hasParameters(): boolean {
    return this.cursor.hasParameters
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
        if (frame.expectingWithName) this.addWithName()
        else if (frame.expecting) this.target()
        else frame.atStart = false
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
    const child = new SqlFrame(sink, body || isCopied, options ? undefined : frame)
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

  private settle(frame: SqlFrame): void {
    if (frame.withOperations === undefined) return
    for (const operation of frame.withOperations) keep(frame.sink, operation)
    frame.withOperations = undefined
  }

  private endStatement(): void {
    for (let frame: SqlFrame | undefined = this.frame; frame !== undefined; frame = this.frames.pop()) {
      this.settle(frame)
    }
    this.frames = []
    this.tooDeep = 0
    this.hasMain = false
    this.withNames.clear()
    this.wordBefore = ""
    this.afterDot = false
    this.frame = new SqlFrame(this.operations, true, undefined)
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
      this.withNames.add(this.cursor.part().toLowerCase())
    }
  }

  private beginWith(): void {
    const { frame } = this
    frame.atStart = frame.expecting = false
    frame.inWith = frame.expectingWithName = true
  }

  /** Deals with a word where a verb may stand; says whether it was one. */
  private begins(word: string, written: string): boolean {
    const { frame } = this
    if (word === "WITH" && frame.verb?.names !== "collection") {
      this.beginWith()
      return true
    }
    if (word === "VALUES" && frame.expecting) {
      frame.atStart = frame.expecting = frame.inList = false
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
    frame.joined = frame.inList = frame.expecting = false
    keep(frame.sink, operation)
    if (isMain) {
      this.hasMain = true
      if (this.mains.length < maximumKept) this.mains.push(operation)
    }
    if (verb.joins !== undefined) operation.name += this.cursor.following(verb.joins)
    if (verb.defines === true) return this.define(operation)
    frame.inList = verb.list === true
    if (verb.names === "collection") {
      frame.expecting = true
      return
    }
    if (verb.names !== "nothing") this.object(verb.names === "procedure", operation)
    frame.opaque = verb.opaque === true
  }

  /** Reads the name of an object that is no table: a setting, a channel, a procedure. */
  private object(isProcedure: boolean, operation: SqlOperation): void {
    if (!this.cursor.advance()) return
    if (!this.cursor.isName) return this.cursor.putBack()
    const name = this.cursor.name()
    if (name === undefined) return
    operation.targets.push(name)
    if (isProcedure) this.procedure ??= name
  }

  /** Reads what kind of object is created, altered or dropped, and its name. */
  private define(operation: SqlOperation): void {
    const { frame, lexer } = this
    for (let words = 0; words < 12; words++) {
      if (!this.cursor.advance()) return
      if (lexer.kind !== "word") {
        if (lexer.kind === "mark") this.cursor.putBack()
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
          this.cursor.skipWordsBeforeName()
          this.object(false, operation)
          frame.opaque = true
          return
      }
    }
    frame.opaque = true
  }

  /** CREATE INDEX name ON table: the index is named, the table is the collection. */
  private defineIndex(operation: SqlOperation): void {
    const { frame, lexer } = this
    this.cursor.skipWordsBeforeName()
    if (!this.cursor.advance()) return
    if (this.cursor.isName && this.cursor.word !== "ON") {
      const name = this.cursor.name()
      if (name !== undefined) operation.targets.push(name)
    } else {
      this.cursor.putBack()
    }
    if (this.cursor.advance() && this.cursor.word === "ON") {
      this.cursor.skipWordsBeforeName()
      if (this.cursor.advance()) {
        if (this.cursor.isName) this.target()
        else this.cursor.putBack()
      }
    } else {
      if (lexer.kind === "mark") this.cursor.putBack()
    }
    frame.opaque = true
  }

  private forgetTargets(): void {
    const targets = this.frame.operation?.targets.splice(0) ?? []
    for (const target of targets) this.collections.delete(target)
  }

  /** Takes the name at hand as a target of the operation at hand. */
  private target(): void {
    const { frame } = this
    frame.expecting = false
    frame.atStart = false
    const name = this.cursor.name()
    const operation = frame.operation
    if (name === undefined || operation === undefined) return
    // A name followed by a parenthesis is a function where tables are read, and a table where rows are written.
    const isCall = this.cursor.isNext(openParenthesis)
    if (isCall && frame.verb?.from === true) return
    if (this.withNames.has(name.toLowerCase())) return
    if (this.collections.size < maximumKept) this.collections.add(name)
    if (operation.targets.length < maximumKept && !operation.targets.includes(name)) operation.targets.push(name)
  }
}
