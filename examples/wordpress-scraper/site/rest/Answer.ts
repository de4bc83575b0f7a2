/** What the REST API answers, before it becomes a response. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  headers,
  body
})

/** WordPress's way to refuse: a code, a sentence, and the status once more. */
export const refuse = (
  status: number,
  code: string,
  message: string,
  data: Readonly<Record<string, unknown>> = {}
): Answer => ({ status, headers: {}, body: { code, message, data: { status, ...data } } })

export const noRoute: Answer = refuse(
  404,
  "rest_no_route",
  "No route was found matching the URL and request method."
)
