import { Layer } from "effect"
import { Fetcher } from "./network/Fetcher.ts"
import { Politeness } from "./network/Politeness.ts"
import { Robots } from "./network/Robots.ts"
import type { Places } from "./places.ts"
import { Progress } from "./report/Progress.ts"
import * as Database from "./storage/database.ts"
import { Posts } from "./storage/Posts.ts"
import { Queue } from "./storage/Queue.ts"
import { Runs } from "./storage/Runs.ts"
import { Blog } from "./wordpress/Blog.ts"

/**
 * Everything a run needs but the terminal and tracing.
 *
 * @category layers
 * @since 0.1.0
 */
export const services = ({ databaseUrl, site, url }: Places) => {
  const network = Robots.layerNoDependencies.pipe(
    Layer.provideMerge(Fetcher.layer),
    Layer.provideMerge(Politeness.layer)
  )
  const storage = Layer.mergeAll(Posts.layer, Queue.layer, Runs.layer).pipe(
    Layer.provideMerge(Database.layer(databaseUrl))
  )
  return Layer.merge(storage, Progress.layer).pipe(
    Layer.provideMerge(Blog.layer(url, site)),
    Layer.provideMerge(network)
  )
}
