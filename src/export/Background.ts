import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as References from "effect/References"
import * as Scheduler from "effect/Scheduler"
import * as Tracer from "effect/Tracer"
import { clockFor, setAlarm } from "./backgroundClock.ts"
import { detached } from "./untraced.ts"

/**
 * Where spans are exported: outside the asynchronous context of whoever ended one, without a tracer, and on a clock that does not
 * keep the process alive.
 *
 * **Details**
 *
 * What happens with every batch happens in plain tasks and timers: a fiber that waits and is woken costs as much as the spans it
 * waits for.
 */
export class Background {
  private readonly context: Context.Context<never>
  private readonly clock: Clock.Clock
  private readonly dispatcher: Scheduler.SchedulerDispatcher

  /**
   * @param context what the fibers run in: the program's, with its clock, scheduler and loggers
   */
  constructor(context: Context.Context<never>) {
    this.clock = clockFor(Context.get(context, Clock.Clock))
    this.context = context.pipe(
      Context.add(Clock.Clock, this.clock),
      Context.add(References.TracerEnabled, false),
      Context.add(Tracer.DisablePropagation, true)
    )
    this.dispatcher = Context.get(context, Scheduler.Scheduler).makeDispatcher()
  }

  /** Milliseconds since the Unix epoch. */
  get timeMillis(): number {
    return this.clock.currentTimeMillisUnsafe()
  }

  /** Milliseconds on the monotonic clock. */
  get nowMillis(): number {
    return Number(this.clock.monotonicTimeNanosUnsafe()) / 1e6
  }

  /** A random number from 0 to 1. */
  get random(): number {
    return Context.get(this.context, Random.Random).nextDoubleUnsafe()
  }

  /** Starts an effect at once. */
  fork<A, E>(effect: Effect.Effect<A, E>): Fiber.Fiber<A, E> {
    return detached(() => Effect.runForkWith(this.context)(effect))
  }

  /** Runs a task when it is its turn. */
  later(task: () => void): void {
    detached(() => this.dispatcher.scheduleTask(task, 0))
  }

  /** Runs a task after that time, unless what is returned is called first. */
  after(millis: number, task: () => void): () => void {
    return detached(() => setAlarm(this.clock, millis, task))
  }
}
