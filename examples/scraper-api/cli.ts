import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { count, databaseUrlVariable, tellFailures } from "../wordpress-scraper/commandLine.ts"
import { CannotRun } from "../wordpress-scraper/errors.ts"
import { service, worker } from "./program.ts"

const databaseUrlOf = (flag: Option.Option<string>) => Option.isSome(flag) ? Effect.succeed(flag) : databaseUrlVariable

const databaseUrl = Flag.String("database-url").pipe(Flag.withMetavar("URL"), Flag.optional)

const lease = count("lease", 1, 3600).pipe(
  Flag.withDescription("Seconds after which a worker that gives no sign of life has lost its job. Default: 15"),
  Flag.withDefault(15)
)

const workerCommand = Command.make(
  "worker",
  {
    databaseUrl: databaseUrl.pipe(Flag.withDescription("The database of the service; else DATABASE_URL")),
    workers: count("workers", 1, 64).pipe(
      Flag.withDescription("Jobs under way at once, 1 to 64. Default: 1"),
      Flag.withDefault(1)
    ),
    lease
  },
  Effect.fnUntraced(function*(options) {
    const url = yield* databaseUrlOf(options.databaseUrl)
    if (Option.isNone(url)) {
      return yield* new CannotRun({ message: "Which database? The service says: --database-url postgres://… " })
    }
    yield* worker({ databaseUrl: url.value, workers: options.workers, leaseSeconds: options.lease })
  })
).pipe(
  Command.withDescription("Works on the jobs of a service that runs elsewhere; start as many as you like."),
  Command.withExamples([
    {
      command: "npm run example:api -- worker --database-url postgres://me@localhost/blog",
      description: "One more process with a worker"
    }
  ])
)

const command = Command.make(
  "scraper-api",
  {
    port: count("port", 0, 65_535).pipe(
      Flag.withDescription("Port of the API on 127.0.0.1. Default: 0, a free one"),
      Flag.withDefault(0)
    ),
    databaseUrl: databaseUrl.pipe(
      Flag.withDescription("PostgreSQL to use; else DATABASE_URL; else an embedded one that ends with the process")
    ),
    workers: count("workers", 0, 64).pipe(
      Flag.withDescription("Jobs under way at once in this process, 0 to 64. Default: 2"),
      Flag.withDefault(2)
    ),
    lease
  },
  Effect.fnUntraced(function*(options) {
    const databaseUrl = yield* databaseUrlOf(options.databaseUrl)
    yield* service({ port: options.port, databaseUrl, workers: options.workers, leaseSeconds: options.lease })
  })
).pipe(
  Command.withDescription(
    "An HTTP API that scrapes WordPress blogs: jobs in a durable queue, workers, and one trace story from request to SQL."
  ),
  Command.withExamples([
    { command: "npm run example:api", description: "Start all of it on embedded parts" },
    {
      command: "npm run example:api -- --port 4000 --database-url postgres://me@localhost/blog --workers 0",
      description: "The API alone, on a database of one's own"
    }
  ]),
  Command.withSubcommands([workerCommand])
)

/**
 * Runs the command line. Every failure is one message on stderr, with exit code 2.
 *
 * @category constructors
 * @since 0.1.0
 */
export const cli = tellFailures(Command.run(command, { version: "0.1.0" }))
