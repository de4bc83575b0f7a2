import type { World } from "../World.ts"
import { offsetHours, restUrl } from "../World.ts"
import { collections } from "./collections.ts"
import type { Representation } from "./represent.ts"

interface Index extends Representation {
  readonly routes: Representation
}

/** Describes the site and its routes: what `/wp-json/` answers. */
export const index = (world: World): Index => {
  const route = (path: string): Representation => ({
    namespace: "wp/v2",
    methods: ["GET"],
    endpoints: [{ methods: ["GET"], args: {} }],
    _links: { self: [{ href: restUrl(world, path) }] }
  })
  const names = [...Object.keys(collections), "types", "statuses"]
  return {
    name: world.name,
    description: world.tagline,
    url: world.base,
    home: world.base,
    gmt_offset: String(offsetHours),
    timezone_string: "",
    page_for_posts: 0,
    page_on_front: 0,
    show_on_front: "posts",
    namespaces: ["oembed/1.0", "wp/v2"],
    authentication: {},
    routes: {
      "/": { namespace: "", methods: ["GET"], endpoints: [{ methods: ["GET"], args: {} }] },
      "/wp/v2": route("/wp/v2"),
      ...Object.fromEntries(names.map((name) => [`/wp/v2/${name}`, route(`/wp/v2/${name}`)])),
      ...Object.fromEntries(
        Object.keys(collections).map((name) => [`/wp/v2/${name}/(?P<id>[\\d]+)`, route(`/wp/v2/${name}`)])
      )
    },
    site_logo: 0,
    site_icon: 0,
    site_icon_url: "",
    _links: { help: [{ href: "https://developer.wordpress.org/rest-api/" }] }
  }
}

const type = (
  world: World,
  slug: string,
  name: string,
  restBase: string,
  taxonomies: ReadonlyArray<string>
): Representation => ({
  description: "",
  hierarchical: slug === "page",
  has_archive: false,
  name,
  slug,
  icon: `dashicons-admin-${restBase === "media" ? "media" : slug}`,
  taxonomies,
  rest_base: restBase,
  rest_namespace: "wp/v2",
  _links: {
    collection: [{ href: restUrl(world, "/wp/v2/types") }],
    "wp:items": [{ href: restUrl(world, `/wp/v2/${restBase}`) }],
    curies: [{ name: "wp", href: "https://api.w.org/{rel}", templated: true }]
  }
})

/** The kinds of posts there are. */
export const types = (world: World): Representation => ({
  post: type(world, "post", "Posts", "posts", ["category", "post_tag"]),
  page: type(world, "page", "Pages", "pages", []),
  attachment: type(world, "attachment", "Media", "media", [])
})

/** The states of posts a visitor may see. */
export const statuses = (world: World): Representation => ({
  publish: {
    name: "Published",
    public: true,
    queryable: true,
    slug: "publish",
    date_floating: false,
    _links: { archives: [{ href: restUrl(world, "/wp/v2/posts") }] }
  }
})
