import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { count, databaseUrlVariable, tellFailures } from "./commandLine.ts"
import { program } from "./program.ts"

const command = Command.make(
  "wordpress-scraper",
  {
    url: Flag.String("url").pipe(
      Flag.withDescription(
        "The blog's home page. Default: an embedded site that looks like WordPress, faults included"
      ),
      Flag.withMetavar("URL"),
      Flag.optional
    ),
    databaseUrl: Flag.String("database-url").pipe(
      Flag.withDescription(
        "PostgreSQL to store in; else DATABASE_URL; else an embedded one that ends with the process"
      ),
      Flag.withMetavar("URL"),
      Flag.optional
    ),
    limit: count("limit", 1, 1_000_000_000).pipe(
      Flag.withDescription("Scrape at most N items, the newest (1 or more). Default: all"),
      Flag.withMetavar("N"),
      Flag.optional
    ),
    concurrency: count("concurrency", 1, 64).pipe(
      Flag.withDescription(
        "Items under way at once, 1 to 64. Requests to one host stay one polite rate apart. Default: 4"
      ),
      Flag.withMetavar("N"),
      Flag.withDefault(4)
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Report to stderr; the last line of stdout is the result as JSON"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function*(options) {
    const databaseUrl = Option.isSome(options.databaseUrl) ? options.databaseUrl : yield* databaseUrlVariable
    yield* program({ ...options, databaseUrl })
  })
).pipe(
  Command.withDescription("Scrapes a WordPress blog, posts and pages, into PostgreSQL; every step is traced."),
  Command.withExamples([
    { command: "npm run demo", description: "Scrape the embedded site" },
    {
      command: "npm run demo -- --url https://blog.example --database-url postgres://me@localhost/blog",
      description: "Scrape one's own blog and keep it"
    },
    { command: "npm run --silent demo -- --json | tail -n 1", description: "Use the result in a script" }
  ])
)

/**
 * Runs the command line. Every failure is one message on stderr; its exit code is 1 where items failed, else 2.
 *
 * @category constructors
 * @since 0.1.0
 */
export const cli = tellFailures(Command.run(command, { version: "0.1.0" }))
