/**
 * What is taken out before it leaves the process.
 *
 * @category models
 * @since 0.1.0
 */
export interface PrivacySettings {
  /**
   * Takes secrets out of log lines before any logger sees them.
   * Takes true or false (or 1, 0, yes, no, on, off); default true.
   * Set by `TRACING_REDACT_LOGS`.
   */
  readonly logs: boolean
  /**
   * Keys whose values are secret, besides those that always are.
   * Takes a comma list of keys, such as customer_id,x-tenant-*, where * is any characters; default none.
   * Set by `TRACING_REDACT_KEYS`.
   */
  readonly keys: ReadonlyArray<string>
  /**
   * Keys that are never secret, whatever else says so.
   * Takes a comma list of keys, such as customer_id,x-tenant-*, where * is any characters; default none.
   * Set by `TRACING_REDACT_EXCEPT_KEYS`.
   */
  readonly exceptKeys: ReadonlyArray<string>
  /**
   * Kinds of secrets that are left alone.
   * Takes a comma list of kinds as the markers name them, such as card,session; default none.
   * Set by `TRACING_REDACT_EXCEPT_KINDS`.
   */
  readonly exceptKinds: ReadonlyArray<string>
  /**
   * Takes e-mail addresses out as well.
   * Takes true or false (or 1, 0, yes, no, on, off); default false.
   * Set by `TRACING_REDACT_EMAIL`.
   */
  readonly email: boolean
}
