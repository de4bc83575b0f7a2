/**
 * Where a WordPress answers its REST API: `https://blog.example/wp-json/`, or `https://blog.example/?rest_route=/` where
 * permalinks are plain.
 *
 * @category models
 * @since 0.1.0
 */
export class RestRoot {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** The address of a route such as `wp/v2/posts`. */
  route(path: string, parameters: Readonly<Record<string, string | number>> = {}): string {
    const url = new URL(this.url)
    const route = url.searchParams.get("rest_route")
    if (route === null) {
      url.pathname = url.pathname.replace(/\/*$/u, "/") + path
    } else {
      url.searchParams.set("rest_route", route.replace(/\/*$/u, "/") + path)
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value))
    return url.href
  }
}
