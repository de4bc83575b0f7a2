/**
 * Names what may go wrong on the site, each of which real WordPress sites do.
 *
 * @category models
 * @since 0.1.0
 */
export interface Troubles {
  /** Every answer takes a while. */
  readonly latency: boolean
  /** One post was renamed: its old address answers 301; and its REST route answers 301 once. */
  readonly moved: boolean
  /** One post answers 500 at first. */
  readonly heals: boolean
  /** One post answers 429 with `Retry-After: 1` at first. */
  readonly limited: boolean
  /** One answer ends before its Content-Length, once. */
  readonly truncated: boolean
  /** One post's HTML is broken. */
  readonly broken: boolean
  /** One post is listed but no longer there: 404 in the REST API, 410 as a page. */
  readonly deleted: boolean
  /** One title is empty, one is `0`. */
  readonly oddTitles: boolean
  /** One post is dated 1958, and three share one second. */
  readonly oddDates: boolean
  /** One post needs a password. */
  readonly password: boolean
  /** One featured picture does not exist. */
  readonly dangling: boolean
  /** One post's content differs between list and single view, and from view to view. */
  readonly nonce: boolean
  /** One JSON answer begins with a byte order mark, once. */
  readonly byteOrderMark: boolean
  /** One JSON answer begins with a PHP notice, once. */
  readonly notice: boolean
  /** `X-WP-Total` counts a private post which nobody can read. */
  readonly overcounted: boolean
  /** Reading the first page of posts publishes another, so that the listing shifts. */
  readonly shifting: boolean
  /** Posts of the same second come in another order with every listing. */
  readonly restless: boolean
  /** One answer drips out over three seconds. */
  readonly slow: boolean
  /** One post is some megabytes long. */
  readonly huge: boolean
  /** One JSON answer claims to be HTML. */
  readonly mislabelled: boolean
  /** Answers are compressed when the client allows it. */
  readonly gzip: boolean
  /** A page past the end answers `[]`, as plug-ins make it do, instead of an error. */
  readonly emptyPastEnd: boolean
}

const none: Troubles = {
  latency: false,
  moved: false,
  heals: false,
  limited: false,
  truncated: false,
  broken: false,
  deleted: false,
  oddTitles: false,
  oddDates: false,
  password: false,
  dangling: false,
  nonce: false,
  byteOrderMark: false,
  notice: false,
  overcounted: false,
  shifting: false,
  restless: false,
  slow: false,
  huge: false,
  mislabelled: false,
  gzip: false,
  emptyPastEnd: false
}

const demo: Troubles = {
  ...none,
  latency: true,
  moved: true,
  heals: true,
  limited: true,
  truncated: true,
  broken: true,
  deleted: true,
  oddTitles: true,
  oddDates: true,
  password: true,
  dangling: true,
  nonce: true,
  byteOrderMark: true,
  notice: true,
  overcounted: true
}

const hostile: Troubles = {
  ...demo,
  shifting: true,
  restless: true,
  slow: true,
  huge: true,
  mislabelled: true,
  gzip: true
}

/**
 * Lists the ready-made sets of troubles: a site without any, one as messy as
 * real ones are, and one at its worst.
 *
 * @category constants
 * @since 0.1.0
 */
export const presets: { readonly none: Troubles; readonly demo: Troubles; readonly hostile: Troubles } = {
  none,
  demo,
  hostile
}
