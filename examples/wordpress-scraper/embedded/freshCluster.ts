import { randomUUID } from "node:crypto"
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { PipelinedPGlite } from "./PipelinedPGlite.ts"

/** Where the image of an empty cluster is kept: with other tools' caches, by the version that made it. */
const imageFile = async (): Promise<string> => {
  const library = join(dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite")), "..")
  const { version }: { version: string } = JSON.parse(await readFile(join(library, "package.json"), "utf8"))
  return join(library, "..", "..", ".cache", "effect-tracing", `pglite-${version}.tar.gz`)
}

const open = async (image?: Blob): Promise<PipelinedPGlite> => {
  const database = new PipelinedPGlite(image === undefined ? {} : { loadDataDir: image })
  await database.waitReady
  return database
}

/**
 * Opens an empty database in memory.
 *
 * **Details**
 *
 * Making a cluster (`initdb`) takes seconds, opening the image of one takes
 * half of one. So the first cluster's image is kept in `node_modules/.cache`;
 * an image that cannot be read or written costs those seconds and nothing
 * else.
 *
 * @category constructors
 * @since 0.1.0
 */
export const freshCluster = async (): Promise<PipelinedPGlite> => {
  const file = await imageFile().catch(() => undefined)
  if (file === undefined) {
    return open()
  }
  const kept = await readFile(file).then((bytes) => open(new Blob([bytes]))).catch(() => undefined)
  if (kept !== undefined) {
    return kept
  }
  const database = await open()
  const image = await database.dumpDataDir("gzip")
  // Under another name first: whoever starts meanwhile must not read half of it.
  const draft = `${file}.${randomUUID()}`
  await mkdir(dirname(file), { recursive: true })
    .then(async () => writeFile(draft, new Uint8Array(await image.arrayBuffer())))
    .then(() => rename(draft, file))
    .catch(() => undefined)
  return database
}
