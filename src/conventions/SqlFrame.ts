import type { SqlVerb } from "./SqlVerbs.ts"

/** One operation of a statement and the names it is about, both as they are written. */
export interface SqlOperation {
  name: string
  readonly targets: Array<string>
}

/** One level of parentheses. */
export class SqlFrame {
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

  constructor(sink: Array<SqlOperation>, takesData: boolean, parent: SqlFrame | undefined) {
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
