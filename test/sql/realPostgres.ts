import { PgClient } from "@effect/sql-pg"
import { Effect, Layer } from "effect"
import { execFile, execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

const directories = [
  ...(process.env["PATH"] ?? "").split(path.delimiter),
  ...["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt"].flatMap((root) =>
    fs.existsSync(root)
      ? fs.readdirSync(root).toSorted().toReversed().map((version) => path.join(root, version, "bin"))
      : []
  )
]

/** Where the programs of an installed PostgreSQL are; `undefined` where there is none. */
export const postgresPrograms: string | undefined = directories.find((directory) =>
  ["initdb", "pg_ctl"].every((program) => fs.existsSync(path.join(directory, program)))
)

/** PostgreSQL refuses to run as root: then it runs as the user its package made. */
const user = (): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }))
  return { uid: id("-u"), gid: id("-g") }
}

const freePort = Effect.callback<number>((resume) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0)))
  })
})

/** Starts an installed PostgreSQL on loopback, with a database of its own that is gone when the scope closes. */
const started = (programs: string) =>
  Effect.gen(function*() {
    const owner = user()
    const directory = yield* Effect.acquireRelease(
      Effect.sync(() => {
        const directory = fs.mkdtempSync(path.join(os.tmpdir(), "effect-tracing-postgres-"))
        if (owner.uid !== undefined && owner.gid !== undefined) fs.chownSync(directory, owner.uid, owner.gid)
        return directory
      }),
      (directory) => Effect.sync(() => fs.rmSync(directory, { recursive: true, force: true }))
    )
    const data = path.join(directory, "data")
    const call = (program: string, ...args: ReadonlyArray<string>) =>
      Effect.promise(() => run(path.join(programs, program), args, { ...owner, cwd: directory }))
    yield* call("initdb", "--auth=trust", "--username=postgres", "--no-sync", "-D", data)
    const port = yield* freePort
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off`
    yield* Effect.acquireRelease(
      call("pg_ctl", "start", "-w", "-D", data, "-o", options, "-l", path.join(directory, "log")),
      () => call("pg_ctl", "stop", "-m", "immediate", "-D", data)
    )
    return port
  })

/** A client of an installed PostgreSQL, with one connection. */
export const realPostgres = (programs: string) =>
  Layer.unwrap(
    Effect.map(started(programs), (port) =>
      PgClient.layer({ host: "127.0.0.1", port, database: "postgres", username: "postgres", maxConnections: 1 }))
  ).pipe(Layer.orDie)
