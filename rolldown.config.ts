import { defineConfig } from "rolldown"
import manifest from "./package.json" with { type: "json" }

// A program that traces loads some twenty files of ours instead of two hundred: that halves the time it takes to start. What a setting asks
// for later (exporters, transports) stays in files of its own.
const sources = Object.values(manifest.exports)
  .map((entry) => typeof entry === "object" && entry !== null ? entry["effect-tracing-source"] : undefined)
  .filter((source) => source !== undefined)

export default defineConfig({
  input: Object.fromEntries(
    [...sources, "./src/cli/main.ts"].map((source) => [source.replace(/^\.\/src\/|\.ts$/g, ""), source])
  ),
  external: /^[^./]/,
  platform: "node",
  // What is not needed stays behind by the choice of files; the command line begins by a side effect.
  treeshake: false,
  output: {
    dir: "dist",
    sourcemap: true,
    chunkFileNames: "chunks/[name].js"
  }
})
