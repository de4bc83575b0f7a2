import type { DropReason } from "../ledger/index.ts"

/**
 * Why spans were given up, by the names of the ledger, and what to do about it.
 *
 * @category models
 * @since 0.1.0
 */
export const lossReasons: Readonly<Record<DropReason, { readonly why: string; readonly whatToDo: string }>> = {
  queue_full: {
    why: "More spans waited than there is room for.",
    whatToDo:
      "Mend the exporter that is slow or down, set `TRACING_SPOOL_DIR` so that they wait on disk, or raise `TRACING_QUEUE_BYTES`."
  },
  too_old: {
    why: "They waited longer than spans are kept for.",
    whatToDo: "Mend the exporter that is down; raise `TRACING_SPOOL_MAX_AGE_MS` where they wait on disk."
  },
  permanent_answer: {
    why: "The receiver refused the request for good: its status says that asking again is of no use.",
    whatToDo: "Read the warning, which names the status and the setting; `npx effect-tracing doctor` asks again."
  },
  shutdown: {
    why: "The program ended before they were delivered.",
    whatToDo: "Raise `TRACING_SHUTDOWN_TIMEOUT_MS`, or set `TRACING_SPOOL_DIR`: the next process delivers them."
  },
  too_large: {
    why: "One span alone is larger than the receiver takes.",
    whatToDo: "Set `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, or raise the receiver's limit."
  },
  encoding: {
    why: "They could not be written as OTLP.",
    whatToDo: "Read the warning, which names the span; an attribute of it cannot be encoded."
  },
  exporter_defect: {
    why: "The exporter threw.",
    whatToDo: "Mend the exporter that the warning names."
  },
  no_exporter: {
    why: "Nothing says where spans go. This counts as no loss.",
    whatToDo: "Set `TRACING_OTLP_ENDPOINT` or `TRACING_EXPORT_TO_CONSOLE=true`."
  },
  span_budget: {
    why: "Their trace has more spans than are kept whole. This counts as no loss.",
    whatToDo: "Give each item a trace of its own with `Work.item`, or raise `TRACING_SPAN_BUDGET`."
  }
}
