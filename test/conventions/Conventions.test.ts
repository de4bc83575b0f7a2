import { assert, describe, it } from "@effect/vitest"
import { attributes, Conventions } from "effect-tracing/conventions"
import type { EndedSpanOptions } from "../support/endedSpan.ts"
import { endedSpan } from "../support/endedSpan.ts"

const server: EndedSpanOptions = {
  name: "GET /posts/:id",
  kind: "server",
  attributes: {
    "http.request.method": "GET",
    "http.route": "/posts/:id",
    "http.response.status_code": 200,
    "url.path": "/posts/7",
    "url.scheme": "http",
    "server.address": "blog.example",
    "server.port": 80
  }
}

const client: EndedSpanOptions = {
  name: "GET",
  kind: "client",
  attributes: {
    "http.request.method": "GET",
    "http.response.status_code": 200,
    "url.full": "https://blog.example/posts",
    "server.address": "blog.example",
    "server.port": 443
  }
}

const statement: EndedSpanOptions = {
  name: "SELECT posts",
  kind: "client",
  attributes: {
    "db.system.name": "postgresql",
    "db.query.text": "SELECT * FROM posts WHERE id = $1",
    "db.query.summary": "SELECT posts",
    "db.operation.name": "SELECT",
    "db.collection.name": "posts"
  }
}

const sent: EndedSpanOptions = {
  name: "publish orders",
  kind: "producer",
  attributes: {
    "messaging.system": "rabbitmq",
    "messaging.destination.name": "orders",
    "messaging.operation.name": "publish",
    "messaging.operation.type": "send",
    "messaging.message.id": "7",
    "server.address": "rabbit.example",
    "server.port": 5672
  }
}

const batch: EndedSpanOptions = {
  name: "poll orders",
  kind: "client",
  attributes: {
    "messaging.system": "kafka",
    "messaging.destination.name": "orders",
    "messaging.operation.name": "poll",
    "messaging.operation.type": "receive",
    "messaging.batch.message_count": 2
  }
}

const plain: EndedSpanOptions = { name: "scrape" }

/** A right span with some of its attributes, or anything else, made wrong. */
const spoilt = (
  right: EndedSpanOptions,
  attributes: Readonly<Record<string, unknown>>,
  rest: Partial<EndedSpanOptions> = {}
) => endedSpan({ ...right, ...rest, attributes: { ...right.attributes, ...attributes } })

const exception = { name: "exception", attributes: { "exception.message": "x" } }

/** Spans that are wrong in one way, with the rule that finds it. */
const wrong: ReadonlyArray<readonly [rule: string, span: ReturnType<typeof endedSpan>]> = [
  ["status is not ok", spoilt(plain, {}, { status: "ok" })],
  ["error has a type", spoilt(plain, {}, { status: "error" })],
  ["type has an error", spoilt(plain, { "error.type": "X" })],
  ["exceptions are described", spoilt(plain, {}, { events: [{ name: "exception" }] })],
  ["attribute type", spoilt(server, { "server.port": "80" })],
  ["attribute type", spoilt(server, { "http.request.header.accept": "text/html" })],
  ["attribute type", spoilt(server, { "http.response.status_code": "200" })],
  ["method is known", spoilt(server, { "http.request.method": "get" }, { name: "get /posts/:id" })],
  ["other method has its original", spoilt(server, { "http.request.method": "_OTHER" }, { name: "HTTP /posts/:id" })],
  ["other method has its original", spoilt(server, { "http.request.method_original": "PURGE" })],
  ["address of server is clean", spoilt(server, { "server.address": "[::1]" })],
  ["address of server is clean", spoilt(statement, { "server.address": "::ffff:10.0.0.1" })],
  ["address of peer is clean", spoilt(server, { "network.peer.address": "::ffff:127.0.0.1" })],
  ["address of client is clean", spoilt(server, { "client.address": "::ffff:127.0.0.1" })],
  ["HTTP is not named", spoilt(server, { "network.protocol.name": "http" })],
  ["version is a number", spoilt(server, { "network.protocol.version": "HTTP/1.1" })],
  [
    "mere status needs no description",
    spoilt(server, { "http.response.status_code": 500, "error.type": "500" }, { status: "error", statusMessage: "x" })
  ],
  [
    "mere status is no exception",
    spoilt(server, { "http.response.status_code": 500, "error.type": "500" }, { status: "error", events: [exception] })
  ],
  ["name is method and route", spoilt(server, {}, { name: "GET" })],
  ["name is method and route", spoilt(server, {}, { name: "GET /posts/7" })],
  ["no full URL", spoilt(server, { "url.full": "http://blog.example/posts/7" })],
  ["query has no signatures", spoilt(server, { "url.query": "sig=abc" })],
  [
    "status below 500 is no error",
    spoilt(server, { "http.response.status_code": 404, "error.type": "404" }, { status: "error" })
  ],
  ["status from 500 is an error", spoilt(server, { "http.response.status_code": 500 })],
  ["name has no path", spoilt(client, {}, { name: "GET /posts" })],
  ["URL has no secrets", spoilt(client, { "url.full": "https://u:p@blog.example/posts" })],
  ["URL has no secrets", spoilt(client, { "url.full": "https://blog.example/posts?sig=abc" })],
  ["path is in the URL", spoilt(client, { "url.path": "/posts" })],
  ["query is in the URL", spoilt(client, { "url.query": "page=1" })],
  [
    "status below 400 is no error",
    spoilt(client, { "http.response.status_code": 302, "error.type": "302" }, { status: "error" })
  ],
  ["status from 400 is an error", spoilt(client, { "http.response.status_code": 404 })],
  ["first sending is not counted", spoilt(client, { "http.request.resend_count": 0 })],
  ["kind is client", spoilt(statement, {}, { kind: "server" })],
  ["name is the summary", spoilt(statement, {}, { name: "postgres" })],
  ["query has no literals", spoilt(statement, { "db.query.text": "SELECT * FROM posts WHERE a = 'b'" })],
  ["summary names the operation", spoilt(statement, { "db.operation.name": "INSERT" })],
  [
    "failed code has an error",
    spoilt(statement, { "db.response.status_code": "42P01", "error.type": "SqlError" }, { status: "error" })
  ],
  ["batch has two", spoilt(statement, { "db.operation.batch.size": 1 })],
  ["error has a type", spoilt(statement, {}, { status: "error" })],
  ["status is not ok", spoilt(statement, {}, { status: "ok" })],
  ["type has an error", spoilt(statement, { "error.type": "42P01" })],
  ["description only of errors", spoilt(plain, {}, { statusMessage: "x" })],
  ["attribute type", spoilt(statement, { "db.response.status_code": 1045 })],
  ["attribute type", spoilt(statement, { "db.operation.batch.size": "2" })],
  ["attribute type", spoilt(plain, { "work.run.trace_id": 7 })],
  ["attribute type", spoilt(plain, { "scraper.attempts": 1.5 })],
  ["attribute type", spoilt(client, { "http.response.header.location": "/posts" })],
  ["method is known", spoilt(client, { "http.request.method": "Get" }, { name: "Get" })],
  [
    "known method is named",
    spoilt(server, { "http.request.method": "_OTHER", "http.request.method_original": "PUT" }, {
      name: "HTTP /posts/:id"
    })
  ],
  ["address of server is clean", spoilt(client, { "server.address": "::ffff:10.0.0.1" })],
  ["address of peer is clean", spoilt(client, { "network.peer.address": "[::1]" })],
  ["version is a number", spoilt(client, { "network.protocol.version": "2.0" })],
  ["query has no signatures", spoilt(server, { "url.query": "page=1&X-Amz-Signature=abc" })],
  ["status from 500 is an error", spoilt(server, { "http.response.status_code": 503 })],
  ["status below 400 is no error", spoilt(client, { "error.type": "200" }, { status: "error" })],
  [
    "summary is short",
    spoilt(statement, { "db.query.summary": "SELECT ".padEnd(300, "x") }, {
      name: "SELECT ".padEnd(300, "x")
    })
  ],
  ["query has no literals", spoilt(statement, { "db.query.text": "SELECT * FROM posts LIMIT 5" })],
  ["name is the summary", spoilt(statement, {}, { name: "SELECT" })],
  ["attribute type", spoilt(statement, { "db.response.returned_rows": "5" })],
  ["no method of Effect", spoilt(statement, { "effect.sql.method": "execute" })],
  ["operation type is known", spoilt(sent, { "messaging.operation.type": "publish" })],
  ["operation type is known", spoilt(batch, { "messaging.operation.type": "poll" })],
  ["name is operation and destination", spoilt(sent, {}, { name: "orders publish" })],
  ["name is operation and destination", spoilt(sent, {}, { name: "publish" })],
  ["name is operation and destination", spoilt(sent, {}, { name: "send orders" })],
  ["name is operation and destination", spoilt(sent, {}, { name: "publish rabbit.example:5672" })],
  ["name is operation and destination", spoilt(sent, { "messaging.destination.template": "orders/{shop}" })],
  ["name is operation and destination", spoilt(sent, { "messaging.destination.temporary": true })],
  ["name is operation and destination", spoilt(batch, { "messaging.destination.anonymous": true })],
  ["kind fits the operation", spoilt(sent, {}, { kind: "internal" })],
  ["kind fits the operation", spoilt(sent, { "messaging.operation.type": "create" }, { kind: "client" })],
  ["kind fits the operation", spoilt(batch, {}, { kind: "consumer" })],
  ["kind fits the operation", spoilt(batch, { "messaging.operation.type": "process" })],
  ["kind fits the operation", spoilt(sent, { "messaging.operation.type": "settle" })],
  ["one message is not counted", spoilt(sent, { "messaging.batch.message_count": 1 })],
  [
    "one message is not counted",
    spoilt(batch, { "messaging.operation.type": "create" }, { kind: "producer" })
  ],
  ["no former names", spoilt(sent, { "messaging.operation": "publish" })],
  ["no former names", spoilt(sent, { "messaging.message_id": "7" })],
  ["address of broker is clean", spoilt(sent, { "server.address": "[::1]" })],
  ["error has a type", spoilt(sent, {}, { status: "error" })],
  ["status is not ok", spoilt(batch, {}, { status: "ok" })],
  ["attribute type", spoilt(batch, { "messaging.batch.message_count": "2" })],
  ["attribute type", spoilt(sent, { "messaging.message.id": 7 })]
]

const without = (right: EndedSpanOptions, key: string) => {
  const { [key]: _, ...attributes } = right.attributes ?? {}
  return endedSpan({ ...right, attributes })
}

const { "messaging.destination.name": _, ...lost } = sent.attributes ?? {}

const incomplete: ReadonlyArray<readonly [rule: string, span: ReturnType<typeof endedSpan>]> = [
  ["path is there", without(server, "url.path")],
  ["scheme is there", without(server, "url.scheme")],
  ["URL is there", without(client, "url.full")],
  ["port is there", without(client, "server.port")],
  ["port needs an address", without(server, "server.address")],
  ["query has a summary", without(statement, "db.query.summary")],
  ["system is there", without(sent, "messaging.system")],
  ["operation is there", without(sent, "messaging.operation.name")],
  ["message has a destination", endedSpan({ ...sent, name: "publish", attributes: lost })]
]

describe("Conventions.check", () => {
  it("knows at least 60 wrong spans", () => assert.isAtLeast(wrong.length + incomplete.length, 60))

  it("finds nothing in spans that are right", () => {
    const spans = [server, client, statement, sent, batch, plain].map(endedSpan)
    assert.deepStrictEqual(Conventions.check(spans), [])
  })

  it("finds nothing in messages whose destination is told by a template, made up, or none", () => {
    const spans = [
      spoilt(sent, { "messaging.destination.template": "orders/{shop}" }, { name: "publish orders/{shop}" }),
      spoilt(sent, { "messaging.destination.temporary": true }, { name: "publish" }),
      spoilt(sent, { "messaging.operation.type": "forward" }, { kind: "internal" }),
      spoilt(sent, {}, { kind: "client" }),
      endedSpan({
        name: "commit kafka.example:9092",
        kind: "client",
        attributes: {
          "messaging.system": "kafka",
          "messaging.operation.name": "commit",
          "messaging.operation.type": "settle",
          "server.address": "kafka.example",
          "server.port": 9092
        }
      })
    ]
    assert.deepStrictEqual(Conventions.check(spans), [])
  })

  for (const [rule, span] of [...wrong, ...incomplete]) {
    it(`finds "${rule}" in ${span.name} ${JSON.stringify(span.attributes.toRecord()).slice(0, 60)}`, () => {
      const deviations = Conventions.check([span])
      assert.deepStrictEqual(deviations.map((deviation) => deviation.rule), [rule])
      assert.strictEqual(deviations[0]?.span, span)
      assert.match(deviations[0]?.source ?? "", /^(?:https:|effect-tracing$)/)
    })
  }
})

describe("attributes", () => {
  it("name each attribute once, with a description and a source", () => {
    assert.strictEqual(new Set(attributes.map(({ name }) => name)).size, attributes.length)
    for (const { description, name, source } of attributes) {
      assert.match(name, /^[a-z_]+(?:\.[a-z_]+)+$/)
      assert.match(description, /^.+\.$/)
      assert.notStrictEqual(source, "")
    }
  })
})
