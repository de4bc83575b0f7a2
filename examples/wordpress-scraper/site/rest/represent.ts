import { hexadecimal } from "../chance.ts"
import type { Author, Comment, Medium, Post, Term } from "../content/Content.ts"
import type { World } from "../World.ts"
import { authorPath, gmt, local, mediumPath, postPath, published, restUrl, termPath } from "../World.ts"

/** A JSON object of the REST API. */
export type Representation = Readonly<Record<string, unknown>>

/** How an object is shown: `embed` is the short form used inside other objects. */
export interface View {
  readonly context: "view" | "embed"
  /** Set when the object stands alone, and changes with every answer. */
  readonly nonce: string
  readonly single: boolean
}

const href = (url: string): ReadonlyArray<Representation> => [{ href: url }]
const embeddable = (url: string): Representation => ({ embeddable: true, href: url })

const only = (whole: Representation, fields: ReadonlyArray<string>): Representation =>
  Object.fromEntries(Object.entries(whole).filter(([field]) => fields.includes(field)))

const inContext = (whole: Representation, view: View, embedded: ReadonlyArray<string>): Representation =>
  view.context === "embed" ? only(whole, [...embedded, "_links"]) : whole

const restBase = (type: Post["type"]): string => type === "page" ? "pages" : "posts"

/** A form and a list that plug-ins add, which no two answers have alike. */
const filtered = (world: World, post: Post, view: View): string =>
  !world.troubles.nonce || post.id !== world.content.victims.nonce
    ? post.content
    : `${post.content}<form class="newsletter" method="post"><input type="hidden" name="_wpnonce" value="${view.nonce}"/><input type="email" name="address"/></form>\n${
      view.single ? `<ul class="related-posts" data-request="${view.nonce}"></ul>\n` : ""
    }`

export const representPost = (world: World, post: Post, view: View): Representation => {
  const url = restUrl(world, `/wp/v2/${restBase(post.type)}/${post.id}`)
  const isPost = post.type === "post"
  const termLink = (taxonomy: Term["taxonomy"]): Representation => ({
    taxonomy,
    ...embeddable(restUrl(world, `/wp/v2/${taxonomy === "category" ? "categories" : "tags"}`, { post: post.id }))
  })
  return inContext(
    {
      id: post.id,
      date: local(post.at),
      date_gmt: gmt(post.at),
      guid: { rendered: `${world.base}/?${isPost ? "p" : "page_id"}=${post.id}` },
      modified: local(post.modified),
      modified_gmt: gmt(post.modified),
      slug: post.slug,
      status: post.status,
      type: post.type,
      link: `${world.base}${postPath(world, post)}`,
      title: { rendered: post.title },
      content: { rendered: post.password ? "" : filtered(world, post, view), protected: post.password },
      excerpt: { rendered: post.password ? "" : post.excerpt, protected: post.password },
      author: post.author,
      featured_media: post.featuredMedia,
      ...(isPost ? {} : { parent: post.parent, menu_order: post.order }),
      comment_status: isPost ? "open" : "closed",
      ping_status: "closed",
      ...(isPost ? { sticky: post.sticky } : {}),
      template: "",
      ...(isPost ? { format: "standard" } : {}),
      meta: { footnotes: "" },
      ...(isPost ? { categories: post.categories, tags: post.tags } : {}),
      class_list: [`post-${post.id}`, post.type, `type-${post.type}`, `status-${post.status}`, "hentry"],
      _links: {
        self: [{ href: url, targetHints: { allow: ["GET"] } }],
        collection: href(restUrl(world, `/wp/v2/${restBase(post.type)}`)),
        about: href(restUrl(world, `/wp/v2/types/${post.type}`)),
        author: [embeddable(restUrl(world, `/wp/v2/users/${post.author}`))],
        replies: [embeddable(restUrl(world, "/wp/v2/comments", { post: post.id }))],
        "version-history": [{ count: 0, href: `${url}/revisions` }],
        "wp:attachment": href(restUrl(world, "/wp/v2/media", { parent: post.id })),
        ...(post.parent === 0 ? {} : { up: [embeddable(restUrl(world, `/wp/v2/pages/${post.parent}`))] }),
        ...(post.featuredMedia === 0
          ? {}
          : { "wp:featuredmedia": [embeddable(restUrl(world, `/wp/v2/media/${post.featuredMedia}`))] }),
        ...(isPost ? { "wp:term": [termLink("category"), termLink("post_tag")] } : {}),
        curies: [{ name: "wp", href: "https://api.w.org/{rel}", templated: true }]
      }
    },
    view,
    ["id", "date", "slug", "type", "link", "title", "excerpt", "author", "featured_media"]
  )
}

export const representTerm = (world: World, term: Term, view: View): Representation => {
  const base = term.taxonomy === "category" ? "categories" : "tags"
  return inContext(
    {
      id: term.id,
      count: published(world, "post").filter((post) => post[base].includes(term.id)).length,
      description: term.description,
      link: `${world.base}${termPath(world, term)}`,
      name: term.name,
      slug: term.slug,
      taxonomy: term.taxonomy,
      ...(term.taxonomy === "category" ? { parent: term.parent } : {}),
      meta: [],
      _links: {
        self: [{ href: restUrl(world, `/wp/v2/${base}/${term.id}`), targetHints: { allow: ["GET"] } }],
        collection: href(restUrl(world, `/wp/v2/${base}`)),
        about: href(restUrl(world, `/wp/v2/taxonomies/${term.taxonomy}`)),
        ...(term.parent === 0 ? {} : { up: [embeddable(restUrl(world, `/wp/v2/categories/${term.parent}`))] }),
        "wp:post_type": href(restUrl(world, "/wp/v2/posts", { [base]: term.id })),
        curies: [{ name: "wp", href: "https://api.w.org/{rel}", templated: true }]
      }
    },
    view,
    ["id", "link", "name", "slug", "taxonomy"]
  )
}

const avatars = (key: string): Representation =>
  Object.fromEntries(
    [24, 48, 96].map((size) => [
      size,
      `https://secure.gravatar.com/avatar/${hexadecimal(64, "avatar", key)}?s=${size}&d=mm&r=g`
    ])
  )

export const representAuthor = (world: World, author: Author, view: View): Representation =>
  inContext(
    {
      id: author.id,
      name: author.name,
      url: "",
      description: author.description,
      link: `${world.base}${authorPath(world, author)}`,
      slug: author.slug,
      avatar_urls: avatars(author.slug),
      meta: [],
      _links: {
        self: [{ href: restUrl(world, `/wp/v2/users/${author.id}`), targetHints: { allow: ["GET"] } }],
        collection: href(restUrl(world, "/wp/v2/users"))
      }
    },
    view,
    ["id", "name", "url", "description", "link", "slug", "avatar_urls"]
  )

export const representMedium = (world: World, medium: Medium, view: View): Representation => {
  const source = `${world.base}/wp-content/uploads/${medium.file}`
  const file = medium.file.slice(medium.file.lastIndexOf("/") + 1)
  const size = (suffix: string, width: number, height: number): Representation => ({
    file: file.replace(".jpg", `${suffix}.jpg`),
    width,
    height,
    mime_type: "image/jpeg",
    source_url: source.replace(".jpg", `${suffix}.jpg`)
  })
  return inContext(
    {
      id: medium.id,
      date: local(medium.at),
      date_gmt: gmt(medium.at),
      guid: { rendered: source },
      modified: local(medium.at),
      modified_gmt: gmt(medium.at),
      slug: medium.slug,
      status: "inherit",
      type: "attachment",
      link: `${world.base}${mediumPath(world, medium)}`,
      title: { rendered: medium.title },
      author: medium.author,
      featured_media: 0,
      comment_status: "closed",
      ping_status: "closed",
      template: "",
      meta: [],
      class_list: [`post-${medium.id}`, "attachment", "type-attachment", "status-inherit", "hentry"],
      description: {
        rendered: `<p class="attachment"><a href="${source}"><img width="300" height="200" src="${
          source.replace(".jpg", "-300x200.jpg")
        }" alt="${medium.alternative}"/></a></p>\n`
      },
      caption: { rendered: `<p>${medium.title}</p>\n` },
      alt_text: medium.alternative,
      media_type: "image",
      mime_type: "image/jpeg",
      media_details: {
        width: medium.width,
        height: medium.height,
        file: medium.file,
        filesize: 120_000 + (medium.id * 977) % 200_000,
        sizes: {
          medium: size("-300x200", 300, 200),
          thumbnail: size("-150x150", 150, 150),
          full: size("", medium.width, medium.height)
        },
        image_meta: { aperture: "0", credit: "", camera: "", caption: "", created_timestamp: "0" }
      },
      post: medium.post,
      source_url: source,
      _links: {
        self: [{ href: restUrl(world, `/wp/v2/media/${medium.id}`), targetHints: { allow: ["GET"] } }],
        collection: href(restUrl(world, "/wp/v2/media")),
        about: href(restUrl(world, "/wp/v2/types/attachment")),
        author: [embeddable(restUrl(world, `/wp/v2/users/${medium.author}`))]
      }
    },
    view,
    [
      "id",
      "date",
      "slug",
      "type",
      "link",
      "title",
      "author",
      "featured_media",
      "caption",
      "alt_text",
      "media_type",
      "mime_type",
      "media_details",
      "source_url"
    ]
  )
}

export const representComment = (world: World, comment: Comment, view: View): Representation => {
  const post = world.content.posts.find((post) => post.id === comment.post)
  return inContext(
    {
      id: comment.id,
      post: comment.post,
      parent: comment.parent,
      author: 0,
      author_name: comment.author,
      author_url: "",
      date: local(comment.at),
      date_gmt: gmt(comment.at),
      content: { rendered: comment.content },
      link: `${world.base}${post === undefined ? "/" : postPath(world, post)}#comment-${comment.id}`,
      status: "approved",
      type: "comment",
      author_avatar_urls: avatars(comment.author),
      meta: [],
      _links: {
        self: [{ href: restUrl(world, `/wp/v2/comments/${comment.id}`), targetHints: { allow: ["GET"] } }],
        collection: href(restUrl(world, "/wp/v2/comments")),
        ...(comment.parent === 0
          ? {}
          : { "in-reply-to": [embeddable(restUrl(world, `/wp/v2/comments/${comment.parent}`))] }),
        up: [{
          embeddable: true,
          post_type: "post",
          href: restUrl(world, `/wp/v2/posts/${comment.post}`)
        }]
      }
    },
    view,
    [
      "id",
      "parent",
      "author",
      "author_name",
      "author_url",
      "date",
      "content",
      "link",
      "type",
      "author_avatar_urls"
    ]
  )
}
