import type { Author, Medium, Post } from "../content/Content.ts"
import type { World } from "../World.ts"
import { authorPath, local, postPath, published, restUrl, termPath, zoned } from "../World.ts"

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December"
]

/** A date as readers see it: `14 June 1958`. */
export const spoken = (at: Date): string => {
  const [year, month, day] = local(at).slice(0, 10).split("-").map(Number)
  return `${day} ${months[(month ?? 1) - 1]} ${year}`
}

const attribute = (text: string): string => text.replaceAll("\"", "&quot;").replaceAll("<", "&lt;")

const plain = (html: string): string => html.replace(/<[^>]*>/g, "").trim()

/** What the head of a page says about it. */
export interface Head {
  readonly title: string
  readonly canonical: string
  readonly description: string
  readonly kind: "website" | "article"
  readonly bodyClass: string
  /** Further lines: article metadata, structured data, short link. */
  readonly extra: ReadonlyArray<string>
}

/** Lays out a whole page. */
export const layout = (world: World, head: Head, main: string): string =>
  `<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="UTF-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="robots" content="max-image-preview:large" />
<title>${head.title === "" ? world.name : `${head.title} &#8211; ${world.name}`}</title>
<link rel="canonical" href="${head.canonical}" />
<meta name="description" content="${attribute(head.description)}" />
<meta property="og:locale" content="en_GB" />
<meta property="og:type" content="${head.kind}" />
<meta property="og:title" content="${attribute(head.title)}" />
<meta property="og:description" content="${attribute(head.description)}" />
<meta property="og:url" content="${head.canonical}" />
<meta property="og:site_name" content="${world.name}" />
<link rel="alternate" type="application/rss+xml" title="${world.name} &raquo; Feed" href="${world.base}/feed/" />
${
    world.rest === "closed-404"
      ? ""
      : `<link rel="https://api.w.org/" href="${attribute(restUrl(world, "/"))}" />\n`
  }${head.extra.map((line) => `${line}\n`).join("")}<meta name="generator" content="WordPress 6.8.2" />
</head>
<body class="${head.bodyClass} wp-theme-kettle">
<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header">
<p class="site-title"><a href="${world.base}/" rel="home">${world.name}</a></p>
<p class="site-description">${world.tagline}</p>
<nav id="site-navigation" class="main-navigation" aria-label="Primary menu"><ul>
${
    published(world, "page").map((page) =>
      `<li class="page_item page-item-${page.id}"><a href="${world.base}${
        postPath(world, page)
      }">${page.title}</a></li>`
    ).join("\n")
  }
</ul></nav>
</header>
<div id="content" class="site-content">
<main id="primary" class="site-main">
${main}
</main>
<aside id="secondary" class="widget-area">
<section class="widget widget_categories"><h2 class="widget-title">Categories</h2><ul>
${
    world.content.terms.filter((term) => term.taxonomy === "category" && term.slug !== "uncategorized").map((term) =>
      `<li class="cat-item cat-item-${term.id}"><a href="${world.base}${termPath(world, term)}">${term.name}</a></li>`
    ).join("\n")
  }
</ul></section>
</aside>
</div>
<footer id="colophon" class="site-footer"><p>&copy; ${world.name}. Proudly powered by WordPress.</p></footer>
</body>
</html>
`

const authorOf = (world: World, post: Post): Author | undefined =>
  world.content.authors.find((author) => author.id === post.author)

const picture = (world: World, post: Post): Medium | undefined =>
  world.content.media.find((medium) => medium.id === post.featuredMedia)

const byline = (world: World, post: Post): string => {
  const author = authorOf(world, post)
  return `<div class="entry-meta"><span class="posted-on"><a href="${world.base}${
    postPath(world, post)
  }" rel="bookmark"><time class="entry-date published" datetime="${zoned(post.at)}">${
    spoken(post.at)
  }</time><time class="updated" datetime="${zoned(post.modified)}">${spoken(post.modified)}</time></a></span>${
    author === undefined
      ? ""
      : ` <span class="byline">by <span class="author vcard"><a class="url fn n" href="${world.base}${
        authorPath(world, author)
      }">${author.name}</a></span></span>`
  }</div>`
}

const termLinks = (world: World, post: Post): string => {
  const links = (ids: ReadonlyArray<number>, rel: string): string =>
    world.content.terms.filter((term) => ids.includes(term.id)).map((term) =>
      `<a href="${world.base}${termPath(world, term)}" rel="${rel}">${term.name}</a>`
    ).join(", ")
  return `<footer class="entry-footer">${
    post.categories.length === 0 ? "" : `<span class="cat-links">${links(post.categories, "category tag")}</span>`
  }${post.tags.length === 0 ? "" : ` <span class="tags-links">${links(post.tags, "tag")}</span>`}</footer>`
}

const shownTitle = (post: Post): string => post.password ? `Protected: ${post.title}` : post.title

const classes = (post: Post): string =>
  `post-${post.id} ${post.type} type-${post.type} status-publish hentry${
    post.password ? " post-password-required" : ""
  }`

const passwordForm = (world: World, post: Post): string =>
  `<form action="${world.base}/wp-login.php?action=postpass" class="post-password-form" method="post"><p>This content is password-protected. To view it, please enter the password below.</p><p><label for="pwbox-${post.id}">Password: <input name="post_password" id="pwbox-${post.id}" type="password" size="20" /></label> <input type="submit" name="Submit" value="Enter" /></p></form>`

const commentList = (world: World, post: Post): string => {
  const comments = world.content.comments.filter((comment) => comment.post === post.id)
  return comments.length === 0 ? "" : `
<section id="comments" class="comments-area"><h2 class="comments-title">${comments.length} ${
    comments.length === 1 ? "thought" : "thoughts"
  } on &ldquo;${post.title}&rdquo;</h2>
<ol class="comment-list">
${
    comments.map((comment) =>
      `<li id="comment-${comment.id}" class="comment"><article class="comment-body"><footer class="comment-meta"><b class="fn">${comment.author}</b> <time datetime="${
        zoned(comment.at)
      }">${spoken(comment.at)}</time></footer><div class="comment-content">${comment.content}</div></article></li>`
    ).join("\n")
  }
</ol></section>`
}

/** A post or page on its own, with everything its head says about it. */
export const singlePage = (world: World, post: Post, content: string): string => {
  const canonical = `${world.base}${postPath(world, post)}`
  const description = post.password ? "" : plain(post.excerpt)
  const medium = picture(world, post)
  const author = authorOf(world, post)
  const structured = {
    "@context": "https://schema.org",
    "@type": post.type === "post" ? "BlogPosting" : "WebPage",
    "@id": `${canonical}#main`,
    headline: post.title,
    url: canonical,
    datePublished: zoned(post.at),
    dateModified: zoned(post.modified),
    ...(author === undefined ? {} : { author: { "@type": "Person", name: author.name } }),
    ...(medium === undefined ? {} : { image: `${world.base}/wp-content/uploads/${medium.file}` }),
    isPartOf: { "@type": "WebSite", name: world.name, url: `${world.base}/` }
  }
  const sections = world.content.terms.filter((term) => post.categories.includes(term.id))
  const tags = world.content.terms.filter((term) => post.tags.includes(term.id))
  return layout(
    world,
    {
      title: shownTitle(post),
      canonical,
      description,
      kind: "article",
      bodyClass: post.type === "post" ? `single single-post postid-${post.id}` : `page page-id-${post.id}`,
      extra: [
        `<meta property="article:published_time" content="${zoned(post.at)}" />`,
        `<meta property="article:modified_time" content="${zoned(post.modified)}" />`,
        ...(author === undefined ? [] : [`<meta name="author" content="${author.name}" />`]),
        ...sections.map((term) => `<meta property="article:section" content="${term.name}" />`),
        ...tags.map((term) => `<meta property="article:tag" content="${term.name}" />`),
        ...(medium === undefined
          ? []
          : [`<meta property="og:image" content="${world.base}/wp-content/uploads/${medium.file}" />`]),
        `<link rel="shortlink" href="${world.base}/?p=${post.id}" />`,
        `<script type="application/ld+json">${JSON.stringify(structured).replaceAll("<", "\\u003c")}</script>`
      ]
    },
    `<article id="post-${post.id}" class="${classes(post)}">
<header class="entry-header"><h1 class="entry-title">${shownTitle(post)}</h1>${
      post.type === "post" ? byline(world, post) : ""
    }</header>
<div class="entry-content">${post.password ? passwordForm(world, post) : content}</div>
${post.type === "post" ? termLinks(world, post) : ""}
</article>${post.password ? "" : commentList(world, post)}`
  )
}

/** One entry of a list of posts. */
export const summary = (world: World, post: Post): string =>
  `<article id="post-${post.id}" class="${classes(post)}">
<header class="entry-header"><h2 class="entry-title"><a href="${world.base}${postPath(world, post)}" rel="bookmark">${
    shownTitle(post)
  }</a></h2>${byline(world, post)}</header>
<div class="entry-summary">${
    post.password ? "<p>There is no excerpt because this is a protected post.</p>" : post.excerpt
  }</div>
</article>`
