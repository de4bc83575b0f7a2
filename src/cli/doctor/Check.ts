/** One line of the doctor's report. */
export interface Check {
  readonly name: string
  readonly status: "ok" | "warning" | "failed"
  /** What was found, and its cause. */
  readonly message: string
  /** The setting or step that mends it. */
  readonly mend: string | undefined
}

export const ok = (name: string, message: string): Check => ({ name, status: "ok", message, mend: undefined })

export const warning = (name: string, message: string, mend: string): Check => ({
  name,
  status: "warning",
  message,
  mend
})

export const failed = (name: string, message: string, mend: string): Check => ({
  name,
  status: "failed",
  message,
  mend
})
