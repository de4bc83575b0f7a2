import { Effect } from "effect"
import type { Scope } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

export interface TinyBlog {
  readonly url: string
  /** Makes the post that answers 500 answer as it should. */
  readonly heal: () => void
}

/** A blog of three posts, one of which answers 500 until it is healed. */
export const tinyBlog: Effect.Effect<TinyBlog, never, Scope.Scope> = Effect.gen(function*() {
  let healed = false
  const slugs = ["", "one", "two", "three"]
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`)
    const post = (id: number) => ({
      id,
      slug: slugs[id],
      link: `${url.origin}/${slugs[id]}/`,
      status: "publish",
      title: { rendered: `Post ${id}` },
      content: { rendered: "<p>Hello</p>", protected: false }
    })
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { "content-type": "application/json" })
      response.end(JSON.stringify(value))
    }
    const id = Number(/\/wp\/v2\/posts\/(\d+)$/u.exec(url.pathname)?.[1] ?? 0)
    if (url.pathname === "/") response.end(`<link rel="https://api.w.org/" href="${url.origin}/wp-json/">`)
    else if (url.pathname === "/wp-json/") json({ namespaces: ["wp/v2"] })
    else if (url.pathname === "/wp-json/wp/v2/posts") json([post(3), post(2), post(1)])
    else if (url.pathname === "/wp-json/wp/v2/pages") json([])
    else if (id === 2 && !healed) json({ code: "internal_server_error" }, 500)
    else if (id > 0) json(post(id))
    else json({ code: "rest_no_route" }, 404)
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
  )
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    heal: () => {
      healed = true
    }
  }
})
