import type { Row } from "../Row.ts"
import { disk } from "./disk.ts"
import { endings } from "./endings.ts"
import { grpc } from "./grpc.ts"
import { troubles } from "./troubles.ts"

/** All rows of the table. */
export const rows: ReadonlyArray<Row> = [...troubles, ...endings, ...disk, ...grpc]
