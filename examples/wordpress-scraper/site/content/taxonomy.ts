import type { Author, Term } from "./Content.ts"
import { outlines } from "./outlines.ts"

/** Who writes on the site. */
export const authors: readonly [Author, ...Array<Author>] = [
  { id: 1, name: "Anton Brekke", slug: "anton", description: "Fixes things, mostly bicycles." },
  { id: 2, name: "Ilse van Aalst", slug: "ilse", description: "Builds wheels &amp; rides them." },
  { id: 5, name: "Marit Holm", slug: "marit", description: "Writes it down." }
]

const category = (id: number, slug: string, name: string, description: string, parent = 0): Term => ({
  id,
  taxonomy: "category",
  name,
  slug,
  description,
  parent
})

const tagSlugs = [...new Set(outlines.flatMap((outline) => outline.tags))].sort()

/** The categories, one of them part of another, and the tags the outlines name. */
export const terms: ReadonlyArray<Term> = [
  category(1, "uncategorized", "Uncategorized", ""),
  category(2, "workshop", "Workshop life", "What happens between ten and six."),
  category(3, "wheels", "Wheels &amp; tyres", "Everything round."),
  category(4, "drivetrain", "Drivetrain", "From the pedals to the road."),
  category(5, "brakes", "Brakes", "Coming to a stop."),
  category(6, "tools", "Tools", "What hangs on the wall.", 2),
  category(7, "frames", "Frames", "Steel, and its relatives."),
  category(8, "rides", "Rides", "Where we went."),
  ...tagSlugs.map((slug, index) => ({
    id: 20 + index,
    taxonomy: "post_tag" as const,
    name: slug.replaceAll("-", " "),
    slug,
    description: "",
    parent: 0
  }))
]
