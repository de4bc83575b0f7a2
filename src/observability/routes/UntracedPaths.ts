import * as Context from "effect/Context"

/**
 * The paths of requests that are about tracing, and therefore not traced.
 */
export class UntracedPaths {
  /** Those of the `Observability` layer around; without one they are read by nobody. */
  static readonly Current: Context.Reference<UntracedPaths> = Context.Reference(
    "effect-tracing/observability/UntracedPaths",
    { defaultValue: () => new UntracedPaths() }
  )

  private readonly paths = new Set<string>()

  add(path: string): void {
    this.paths.add(path)
  }

  /** Whether a URL as a server sees it, query included, is of one of them. */
  has(url: string): boolean {
    const mark = url.indexOf("?")
    return this.paths.has(mark < 0 ? url : url.slice(0, mark))
  }
}
