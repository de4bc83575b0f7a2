import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"

interface Entry<A> {
  readonly value: A
  readonly scope: Scope.Closeable
  owners: number
}

/**
 * Makes one value per key, shared by all who ask for it while somebody has it.
 *
 * **Details**
 *
 * A value lives from the first to the last scope that asked for it. Making and closing wait for each other, so that two layers
 * built side by side never make two.
 *
 * @category models
 * @since 0.1.0
 */
export class SharedPipelines<A> {
  private readonly entries = new Map<string, Entry<A>>()
  private readonly oneAtATime = Semaphore.makeUnsafe(1)

  acquire<E, R>(
    key: string,
    make: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E, Exclude<R, Scope.Scope> | Scope.Scope> {
    return Effect.acquireRelease(
      this.oneAtATime.withPermit(this.enter(key, make)),
      () => this.oneAtATime.withPermit(this.leave(key))
    )
  }

  private enter<E, R>(key: string, make: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, Scope.Scope>> {
    return Effect.suspend(() => {
      const known = this.entries.get(key)
      if (known !== undefined) {
        known.owners++
        return Effect.succeed(known.value)
      }
      const scope = Scope.makeUnsafe()
      return Scope.provide(make, scope).pipe(
        Effect.tap((value) => Effect.sync(() => this.entries.set(key, { value, scope, owners: 1 }))),
        Effect.onError(() => Scope.close(scope, Exit.void))
      )
    })
  }

  private leave(key: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      const entry = this.entries.get(key)
      if (entry === undefined || --entry.owners > 0) return Effect.void
      this.entries.delete(key)
      return Scope.close(entry.scope, Exit.void)
    })
  }
}
