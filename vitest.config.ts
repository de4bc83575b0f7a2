import { defineConfig } from "vitest/config"

export default defineConfig({
  resolve: { conditions: ["effect-tracing-source", "node"] },
  ssr: { resolve: { conditions: ["effect-tracing-source", "node"] } },
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ["default", "./test/support/SummaryReporter.ts"]
  }
})
