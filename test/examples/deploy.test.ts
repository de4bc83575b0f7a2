import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { resolve } from "effect-tracing/config"
import { Observability } from "effect-tracing/observability"
import { Scraper } from "effect-tracing/scraper"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { watched } from "../observability/support.ts"
import type { CollectorConfig, Compose, Service } from "./deployFiles.ts"
import { complaints, directory, filesEnding, labelsIn, metricsIn, parsed, program, text } from "./deployFiles.ts"

const composeFiles = filesEnding(".yaml").filter((file) => file.startsWith("compose"))
const collectorFiles = filesEnding("collector.yaml").filter((file) => !file.startsWith("compose"))

const servicesOf = (file: string): ReadonlyArray<readonly [name: string, service: Service]> =>
  Object.entries((parsed(file) as Compose).services)

/** `/metrics` of a program that has served, asked, stored and scraped, and has lost nothing. */
const metrics = Effect.gen(function*() {
  const span = (name: string, kind: "server" | "client", attributes: Record<string, unknown>) =>
    Effect.fail("no").pipe(
      Effect.withSpan(name, { kind, attributes: { "error.type": "500", ...attributes } }),
      Effect.ignore
    )
  yield* span("GET /", "server", {
    "http.request.method": "GET",
    "url.scheme": "http",
    "http.route": "/",
    "http.response.status_code": 500
  })
  yield* span("GET", "client", { "http.request.method": "GET", "server.address": "blog.example", "server.port": 80 })
  yield* span("SELECT posts", "client", {
    "db.system.name": "postgresql",
    "db.operation.name": "SELECT",
    "db.collection.name": "posts"
  })
  yield* Scraper.outcome("scraped").pipe(
    Effect.withSpan("scrape", { attributes: Scraper.item({ url: "https://blog.example/1", type: "post" }) })
  )
  return yield* Effect.flatMap(Observability, (observability) => observability.metricsText("prometheus"))
}).pipe(
  Effect.provide(watched({ env: { TRACING_OTLP_ENDPOINT: "http://127.0.0.1:9", TRACING_SHUTDOWN_TIMEOUT_MS: "0" } }))
)

/** Holds expressions of PromQL to metrics and labels that programs have. */
const assertKnown = (expressions: ReadonlyArray<string>) =>
  Effect.map(metrics, (text) => {
    const names = new Set(Array.from(text.matchAll(/^([a-z_]+)[ {]/gm), (match) => match[1]!))
    const labels = new Set(Array.from(text.matchAll(/[{,](\w+)="/g), (match) => match[1]!))
    for (const expression of expressions) {
      const used = metricsIn(expression)
      assert.isNotEmpty(used, expression)
      assert.deepStrictEqual(used.filter((name) => !names.has(name) && name !== "up"), [], expression)
      const own = new Set(["job", "instance"])
      assert.deepStrictEqual(
        labelsIn(expression).filter((label) => !labels.has(label) && !own.has(label)),
        [],
        expression
      )
    }
  })

describe("the compose files", () => {
  it("are three, and name the whole of what may stand in them", () => {
    assert.deepStrictEqual(composeFiles, ["compose.collector.yaml", "compose.monitoring.yaml", "compose.yaml"])
    const known = [
      "image",
      "restart",
      "command",
      "environment",
      "ports",
      "volumes",
      "depends_on",
      "network_mode",
      "mem_limit",
      "cap_drop",
      "security_opt"
    ]
    for (const file of composeFiles) {
      assert.includeMembers(["name", "services", "volumes"], Object.keys(parsed(file) as object), file)
      for (const [, service] of servicesOf(file)) assert.includeMembers(known, Object.keys(service), file)
    }
  })

  it("pin every image to a version, the same in all files", () => {
    const images = [
      ...composeFiles.flatMap((file) => servicesOf(file).map(([, { image }]) => image)),
      ...Array.from(text("kubernetes/daemonset.yaml").matchAll(/image: (\S+)/g), (match) => match[1]!)
    ]
    for (const image of images) assert.match(image, /^[a-z/-]+:v?\d+\.\d+\.\d+$/)
    const versions = new Map(images.map((image) => image.split(":") as [string, string]))
    assert.deepStrictEqual(
      images.filter((image) => image !== `${image.split(":")[0]}:${versions.get(image.split(":")[0]!)}`),
      []
    )
  })

  it("publish ports to this machine only, each once", () => {
    for (const file of composeFiles) {
      const ports = servicesOf(file).flatMap(([, service]) => service.ports ?? [])
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:(\d+):\d+$/, file)
      assert.strictEqual(new Set(ports.map((port) => port.split(":")[1])).size, ports.length, file)
      for (const [name, { command = [], environment = {}, network_mode }] of servicesOf(file)) {
        if (network_mode !== "host") continue
        assert.include([...command, ...Object.values(environment)].join("\n"), "127.0.0.1", name)
      }
    }
  })

  it("publish what the documentation says: OTLP, Jaeger's page, the Collector's health", () => {
    const published = (file: string) =>
      servicesOf(file).flatMap(([, { ports = [] }]) => ports.map((port) => port.split(":")[1]))
    assert.sameMembers(published("compose.yaml"), ["4317", "4318", "16686"])
    assert.sameMembers(published("compose.collector.yaml"), ["4317", "4318", "8888", "13133", "16686"])
  })

  it("refer only to files, services and volumes that are there", () => {
    for (const file of composeFiles) {
      const { services, volumes = {} } = parsed(file) as Compose
      for (const { depends_on = [], volumes: mounts = [] } of Object.values(services)) {
        assert.includeMembers(Object.keys(services), [...depends_on], file)
        for (const [source = ""] of mounts.map((mount) => mount.split(":"))) {
          assert.isTrue(
            source.startsWith(".") ? existsSync(join(directory, source)) : source in volumes,
            `${file}: ${source}`
          )
        }
      }
    }
  })

  it("set nothing that Jaeger 2 ignores", () => {
    for (const file of composeFiles) {
      for (const [name, { environment = {} }] of servicesOf(file)) {
        assert.deepStrictEqual(
          Object.keys(environment).filter((key) => /^(COLLECTOR_|SPAN_STORAGE|JAEGER_)/.test(key)),
          [],
          name
        )
      }
    }
  })

  it("set every variable that the Collector's configuration asks for", () => {
    const { collector } = (parsed("compose.collector.yaml") as Compose).services
    for (const [, variable] of text("collector/collector.yaml").matchAll(/\$\{env:(\w+)/g)) {
      assert.property(collector!.environment, variable!)
    }
  })
})

describe("the Collector's configurations", () => {
  it("define every component that a pipeline uses, and no other", () => {
    assert.deepStrictEqual(collectorFiles, ["collector/collector.yaml", "kubernetes/collector.yaml"])
    for (const file of collectorFiles) {
      const config = parsed(file) as CollectorConfig
      for (const kind of ["receivers", "processors", "exporters"] as const) {
        const used = Object.values(config.service.pipelines).flatMap((pipeline) => pipeline[kind])
        assert.sameMembers([...new Set(used)], Object.keys(config[kind]), `${file} ${kind}`)
      }
      assert.sameMembers([...config.service.extensions], Object.keys(config.extensions), file)
    }
  })

  it("limit memory first and batch last, below what the container may have", () => {
    const limits = { "collector/collector.yaml": 768, "kubernetes/collector.yaml": 512 }
    assert.include(text("compose.collector.yaml"), "mem_limit: 768m")
    assert.include(text("systemd/otelcol.service"), "MemoryMax=768M")
    assert.match(text("kubernetes/daemonset.yaml"), /limits: \{ memory: 512Mi \}/)
    for (const [file, container] of Object.entries(limits)) {
      const { processors, service } = parsed(file) as CollectorConfig
      for (const { processors } of Object.values(service.pipelines)) {
        assert.strictEqual(processors[0], "memory_limiter", file)
        assert.strictEqual(processors.at(-1), "batch", file)
      }
      const { limit_mib, spike_limit_mib } = processors.memory_limiter!
      assert.isBelow(limit_mib, container * 0.8, file)
      assert.isBelow(spike_limit_mib, limit_mib, file)
    }
  })

  it("hand traces on by OTLP, and tell their health on port 13133", () => {
    for (const file of collectorFiles) {
      assert.deepStrictEqual(Object.keys((parsed(file) as CollectorConfig).exporters), ["otlp_grpc"], file)
      assert.match(text(file), /health_check:\n\s+endpoint: \S+:13133/, file)
    }
  })

  it("pass the Collector's own check, where otelcol is installed", () => {
    const otelcol = program("otelcol-contrib", "otelcol")
    if (otelcol === undefined) return
    for (const file of collectorFiles) {
      assert.strictEqual(
        complaints(otelcol, ["validate", `--config=${file}`], { BACKEND_ENDPOINT: "x:4317", NODE_NAME: "x" }),
        ""
      )
    }
  })

  it("pass Jaeger's own check, where jaeger is installed", () => {
    const jaeger = program("jaeger")
    if (jaeger === undefined) return
    assert.strictEqual(complaints(jaeger, ["validate", "--config=jaeger/jaeger.yaml"]), "")
  })

  it("leave each of the two on one machine its own ports", () => {
    const ports = (file: string) =>
      Array.from(
        text(file).replaceAll(/^ *#.*$/gm, "").matchAll(/(?:endpoint: \S+:|port: )(\d+)/g),
        (match) => match[1]!
      )
    const collector = ports("collector/collector.yaml").filter((port) => port !== "14317")
    assert.deepStrictEqual(collector.filter((port) => ports("jaeger/jaeger.yaml").includes(port)), [])
    assert.include(text("collector/collector.yaml"), "${env:BACKEND_ENDPOINT:-127.0.0.1:14317}")
    assert.include(ports("jaeger/jaeger.yaml"), "14317")
  })
})

describe("the alerts and the dashboard", () => {
  interface Rules {
    readonly groups: ReadonlyArray<{ readonly rules: ReadonlyArray<{ readonly alert: string; readonly expr: string }> }>
  }
  interface Panel {
    readonly id: number
    readonly type: string
    readonly title: string
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
    readonly targets?: ReadonlyArray<{ readonly expr: string }>
  }
  interface Dashboard {
    readonly panels: ReadonlyArray<Panel>
    readonly templating: { readonly list: ReadonlyArray<{ readonly definition: string }> }
  }
  const rules = (parsed("prometheus/alerts.yml") as Rules).groups.flatMap(({ rules }) => rules)
  const dashboard = JSON.parse(text("grafana/dashboards/effect-tracing.json")) as Dashboard
  const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))

  it.effect("the alerts ask for metrics and labels that programs have", () =>
    assertKnown(rules.map(({ expr }) => expr)))

  it.effect("the dashboard asks for metrics and labels that programs have", () =>
    assertKnown([...queries, ...dashboard.templating.list.map(({ definition }) => definition)]))

  it("name lost spans and the rate of errors, and are each tried", () => {
    const names = rules.map(({ alert }) => alert)
    assert.includeMembers(names, ["SpansLost", "ServerErrors"])
    const tried = Array.from(text("prometheus/alerts.test.yml").matchAll(/alertname: (\w+)/g), (match) => match[1]!)
    assert.sameMembers([...new Set(tried)], names)
  })

  it("pass promtool, with what each alert is tried on, where promtool is installed", () => {
    const promtool = program("promtool")
    if (promtool === undefined) return
    assert.strictEqual(complaints(promtool, ["check", "config", "prometheus/prometheus.yml"]), "")
    assert.strictEqual(complaints(promtool, ["test", "rules", "prometheus/alerts.test.yml"]), "")
    const folder = mkdtempSync(join(tmpdir(), "dashboard-"))
    try {
      const plain = (expr: string) => expr.replaceAll(/\$__\w+/g, "5m").replaceAll(/\$\w+/g, ".*")
      const recorded = queries.map((expr, index) => ({ record: `panel:${index}`, expr: plain(expr) }))
      const file = join(folder, "dashboard.json")
      writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules: recorded }] }))
      assert.strictEqual(complaints(promtool, ["check", "rules", "--lint=none", file]), "")
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it("the panels have ids of their own and do not overlap", () => {
    assert.strictEqual(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length)
    for (const one of dashboard.panels) {
      for (const other of dashboard.panels) {
        const [a, b] = [one.gridPos, other.gridPos]
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y
        assert.isTrue(one === other || apart, `${one.title} and ${other.title}`)
      }
      assert.isAtMost(one.gridPos.x + one.gridPos.w, 24)
    }
  })

  it("use data sources and folders that are provisioned and mounted", () => {
    const { datasources } = parsed("grafana/provisioning/datasources/datasources.yaml") as {
      readonly datasources: ReadonlyArray<{ readonly uid: string }>
    }
    const used = Array.from(
      text("grafana/dashboards/effect-tracing.json").matchAll(/"uid": "(\w+)"/g),
      (match) => match[1]!
    )
    assert.includeMembers(datasources.map(({ uid }) => uid), [...new Set(used)])
    const [, folder = ""] = /path: (\S+)/.exec(text("grafana/provisioning/dashboards/dashboards.yaml")) ?? []
    assert.include(text("compose.monitoring.yaml"), `./grafana/dashboards:${folder}:ro`)
  })
})

describe("the environment files", () => {
  for (const file of filesEnding(".env")) {
    it.effect(`${file} can be used, without a warning`, () =>
      Effect.gen(function*() {
        const { settings, warnings } = yield* resolve()
        assert.deepStrictEqual(warnings, [])
        assert.include(settings.exporters, "otlp")
      }).pipe(
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromDotEnvContents(text(file)))
      ))
  }
})

describe("the systemd units", () => {
  const units = filesEnding(".service")

  it("restart, may not gain privileges, and leave time for the last spans", () => {
    assert.deepStrictEqual(units, ["systemd/jaeger.service", "systemd/otelcol.service", "systemd/scraper.service"])
    for (const unit of units) {
      for (const line of ["DynamicUser=true", "NoNewPrivileges=true", "ProtectSystem=strict", "Restart=on-failure"]) {
        assert.include(text(unit).split("\n"), line, unit)
      }
    }
    const [, seconds] = /TimeoutStopSec=(\d+)s/.exec(text("systemd/scraper.service")) ?? []
    assert.isAbove(Number(seconds), 5)
  })

  it("keep the spool where the unit may write", () => {
    const [, state] = /StateDirectory=(\S+)/.exec(text("systemd/scraper.service")) ?? []
    assert.match(text("env/production.env"), new RegExp(`^TRACING_SPOOL_DIR=/var/lib/${state}/`, "m"))
  })

  it("pass systemd-analyze verify, where it is installed", () => {
    const analyze = program("systemd-analyze")
    if (analyze === undefined) return
    const folder = mkdtempSync(join(tmpdir(), "units-"))
    try {
      // It wants the programs to be there, and the units that are asked for.
      const files = units.map((unit) => {
        const file = join(folder, unit.slice(unit.indexOf("/") + 1))
        writeFileSync(file, text(unit).replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`))
        return file
      })
      assert.strictEqual(complaints(analyze, ["verify", "--man=no", ...files]), "")
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe("the Kubernetes manifests", () => {
  interface Labels {
    readonly [name: string]: string
  }
  interface DaemonSet {
    readonly spec: {
      readonly selector: { readonly matchLabels: Labels }
      readonly template: {
        readonly metadata: { readonly labels: Labels }
        readonly spec: {
          readonly containers: ReadonlyArray<{
            readonly ports: ReadonlyArray<{ readonly name: string; readonly containerPort: number }>
            readonly env: ReadonlyArray<{ readonly name: string }>
            readonly readinessProbe: { readonly httpGet: { readonly port: string } }
          }>
        }
      }
    }
  }
  interface KubernetesService {
    readonly metadata: { readonly name: string }
    readonly spec: {
      readonly selector: Labels
      readonly internalTrafficPolicy: string
      readonly ports: ReadonlyArray<{ readonly port: number; readonly targetPort: string }>
    }
  }
  const { spec } = parsed("kubernetes/daemonset.yaml") as DaemonSet
  const [container] = spec.template.spec.containers
  const service = parsed("kubernetes/service.yaml") as KubernetesService

  it("select the Collector's pods, and the one of the own node", () => {
    assert.deepInclude(spec.template.metadata.labels, spec.selector.matchLabels)
    assert.deepInclude(spec.template.metadata.labels, service.spec.selector)
    assert.strictEqual(service.spec.internalTrafficPolicy, "Local")
  })

  it("name ports that the container has and its Collector listens on", () => {
    const names = container!.ports.map(({ name }) => name)
    assert.includeMembers(names, service.spec.ports.map(({ targetPort }) => targetPort))
    assert.include(names, container!.readinessProbe.httpGet.port)
    for (const { containerPort } of container!.ports) {
      assert.match(text("kubernetes/collector.yaml"), new RegExp(`(0\\.0\\.0\\.0:|port: )${containerPort}\\b`))
    }
  })

  it("set every variable that the Collector's configuration asks for", () => {
    const asked = Array.from(text("kubernetes/collector.yaml").matchAll(/\$\{env:(\w+)/g), (match) => match[1]!)
    assert.includeMembers(container!.env.map(({ name }) => name), asked)
  })

  it("are what the environment of a program points to", () => {
    const { namespace, resources } = parsed("kubernetes/kustomization.yaml") as {
      readonly namespace: string
      readonly resources: ReadonlyArray<string>
    }
    assert.include(text("env/kubernetes.env"), `http://${service.metadata.name}.${namespace}.svc:4318`)
    for (const resource of resources) assert.isTrue(existsSync(join(directory, "kubernetes", resource)), resource)
  })

  it("can be put together by kubectl kustomize, where kubectl is installed", () => {
    const kubectl = program("kubectl")
    if (kubectl === undefined) return
    assert.strictEqual(complaints(kubectl, ["kustomize", "kubernetes"]), "")
  })
})
