/**
 * Where spans wait on disk while they cannot be sent, and how much of them.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpoolSettings {
  /**
   * Folder that keeps on disk what cannot be sent.
   * Takes a path; default none.
   * Set by `TRACING_SPOOL_DIR`.
   */
  readonly directory: string | undefined
  /**
   * Whether a batch is written to the spool when it cannot be sent, or always before it is sent.
   * Takes unsent or always; default unsent.
   * Set by `TRACING_SPOOL`.
   */
  readonly mode: "unsent" | "always"
  /**
   * Longest time that an ended span waits to be written to the spool, where all of them are.
   * In milliseconds: a whole number from 0 to 2147483647; default 200.
   * Set by `TRACING_SPOOL_FLUSH_MS`.
   */
  readonly flushMillis: number
  /**
   * What the folder of the spool may hold.
   * In bytes: a whole number from 1024 up; default 536870912.
   * Set by `TRACING_SPOOL_MAX_BYTES`.
   */
  readonly maxBytes: number
  /**
   * Age at which spans in the spool are given up.
   * In milliseconds: a whole number from 0 to 2147483647; default 259200000.
   * Set by `TRACING_SPOOL_MAX_AGE_MS`.
   */
  readonly maxAgeMillis: number
  /**
   * Whether each write to the spool is waited for until the disk has it, to survive a loss of power.
   * Takes true or false (or 1, 0, yes, no, on, off); default false.
   * Set by `TRACING_SPOOL_SYNC`.
   */
  readonly sync: boolean
}

/**
 * Which file spans are written to, and how large it may become.
 *
 * @category models
 * @since 0.1.0
 */
export interface FileSettings {
  /**
   * File that spans are written to as lines of OTLP JSON.
   * Takes a path; default none.
   * Set by `TRACING_EXPORT_TO_FILE`.
   */
  readonly path: string | undefined
  /**
   * Size that the file is set aside at, for a new one to begin.
   * In bytes: a whole number from 1 up; default 104857600.
   * Set by `TRACING_FILE_MAX_BYTES`.
   */
  readonly maxBytes: number
  /**
   * Files set aside that are kept; older ones are deleted.
   * In files: a whole number from 0 up; default 10.
   * Set by `TRACING_FILE_MAX_BACKUPS`.
   */
  readonly maxBackups: number
}
