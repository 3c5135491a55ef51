/** Real servers are started once by tests/run.ts; jest itself only finds them through the environment. */
export default {
  globalSetup: "<rootDir>/tests/build-pages.mjs",
  reporters: ["default", "<rootDir>/tests/tally.ts"],
  testEnvironment: "node",
  testMatch: ["<rootDir>/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "/.marquee/"],
  modulePathIgnorePatterns: ["/dist/", "/.marquee/"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: {
          parser: { syntax: "typescript" },
          target: "es2024",
          experimental: { keepImportAttributes: true },
        },
        module: { type: "es6" },
      },
    ],
  },
  maxWorkers: 2,
  // Holds of seconds, processes that die and come back: a test may take longer than jest's five seconds.
  testTimeout: 60_000,
};
