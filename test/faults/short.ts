import type { Row } from "./Row.ts"
import { rows } from "./rows/index.ts"

/** How long rows take in the short form, and how many spans they have, as a part of the long one. */
export const shortScale = 0.08

/** The rows of the short form. */
export const shortRows: ReadonlyArray<Row> = rows.filter(({ isShort }) => isShort === true)
