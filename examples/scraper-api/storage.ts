import { Layer } from "effect"
import * as Database from "../wordpress-scraper/storage/database.ts"
import { Claims } from "./queue/Claims.ts"
import { Jobs } from "./queue/Jobs.ts"
import { migrateQueue } from "./queue/migrations.ts"

/**
 * The database with the tables of the WordPress scraper and of the queue.
 *
 * @category layers
 * @since 0.1.0
 */
export const storage = (databaseUrl: string) =>
  Layer.mergeAll(Jobs.layer, Claims.layer, Layer.effectDiscard(migrateQueue)).pipe(
    Layer.provideMerge(Database.layer(databaseUrl))
  )
