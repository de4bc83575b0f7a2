const escapeForRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&")

/**
 * The address of a blog's home page, and what is known by it.
 *
 * @category models
 * @since 0.1.0
 */
export class Home {
  /** With a slash at its end and neither query nor fragment. */
  readonly url: string
  /** Names the site in the database: the host, a port that is not the usual one, and the folder WordPress lives in. */
  readonly site: string
  private readonly address: RegExp

  constructor(url: string, site?: string) {
    const parsed = new URL(url)
    parsed.search = ""
    parsed.hash = ""
    parsed.pathname = parsed.pathname.replace(/\/(?:index\.(?:php|html?))?$/u, "") + "/"
    this.url = parsed.href
    const host = parsed.host.replace(/^www\./u, "")
    const folder = parsed.pathname.replace(/\/$/u, "")
    this.site = site ?? host + folder
    // JSON inside HTML writes its slashes as `\/`.
    const slashed = (text: string) => escapeForRegExp(text).replaceAll("\\/", "\\\\?\\/")
    this.address = new RegExp(
      `(?:https?:)?\\\\?\\/\\\\?\\/(?:www\\.)?${slashed(host + folder)}(?=[\\/\\\\?#"'\\s<]|$)`,
      "giu"
    )
  }

  /** Takes the site's own address out of a text, whichever scheme and `www.` it is written with. */
  withoutAddress(text: string): string {
    return text.replace(this.address, "")
  }

  /**
   * Names a URL within the site, the same however it is written: `2024/05/hello-world` or `?p=17`. The home page is the
   * empty path.
   */
  pathOf(url: string): string {
    if (!URL.canParse(url, this.url)) return url
    const parsed = new URL(url, this.url)
    parsed.hash = ""
    const own = this.withoutAddress(parsed.href)
    const decoded = (() => {
      try {
        return decodeURI(own)
      } catch {
        // A lone `%` is not worth losing the item over.
        return own
      }
    })()
    return decoded.replace(/^\/+/u, "").replace(/\/+(?=\?|$)/u, "").normalize("NFC")
  }

  /** Whether two URLs name the same place of the site. */
  same(one: string, other: string): boolean {
    return this.pathOf(one) === this.pathOf(other)
  }
}
