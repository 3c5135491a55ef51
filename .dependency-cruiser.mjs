/** Who may import whom: the table of the house, as rules. ARCHITECTURE.md explains the rooms; docs/house.md draws what is. */
export default {
  forbidden: [
    // One rule a room: everything that is not named is forbidden.
    room("domain", { allows: ["^domain/"] }),
    room("workflows", {
      allows: [
        "^(workflows|domain)/",
        "^activities/index[.]ts$",
        "node_modules/@temporalio/(workflow|common)/",
      ],
    }),
    room("activities", {
      allows: [
        "^(activities|domain|adapters)/",
        "^workflows/contract[.]ts$",
        "node_modules/@temporalio/(activity|common)/",
      ],
    }),
    room("api", {
      allows: ["^(api|domain|adapters|platform)/", "^web/storefront/page-data[.]ts$"],
      libraries: true,
    }),
    room("workers", {
      allows: ["^(workers|workflows|activities|domain|adapters|platform)/"],
      libraries: true,
    }),
    room("search-indexer", {
      allows: ["^(search-indexer|domain|adapters|platform)/"],
      libraries: true,
    }),
    room("adapters", { allows: ["^(adapters|domain|platform)/"], libraries: true }),
    room("platform", { allows: ["^platform/"], libraries: true }),
    room("web", {
      allows: ["^(web|domain)/", "node_modules/(preact|preact-render-to-string)/"],
    }),

    // What the table says beyond whole rooms.
    {
      name: "workflows-see-activities-as-types",
      comment: "An activity body inside the workflow bundle would run on every replay.",
      severity: "error",
      from: { path: "^workflows/", pathNot: tests() },
      to: { path: "^activities/", dependencyTypesNot: erased() },
    },
    {
      name: "activities-see-the-contract-as-types",
      comment: "The contract may import @temporalio/workflow, which works inside workflows only.",
      severity: "error",
      from: { path: "^activities/", pathNot: tests() },
      to: { path: "^workflows/", dependencyTypesNot: erased() },
    },
    {
      name: "api-sees-pages-as-types",
      comment: "Node runs no .tsx: the API loads what is built of web/storefront.",
      severity: "error",
      from: { path: "^api/", pathNot: tests() },
      to: { path: "^web/", dependencyTypesNot: erased() },
    },
    {
      name: "other-pages-are-served-as-they-are",
      comment: "Browsers load the rest of web/ without a build: nothing outside is served.",
      severity: "error",
      from: { path: "^web/(?!storefront/)", pathNot: tests() },
      to: { path: "^domain/|node_modules/" },
    },
    {
      name: "adapters-stay-apart",
      comment:
        "An adapter speaks to one system. What needs two systems is an operation or an activity.",
      severity: "error",
      from: { path: "^adapters/([^/]+)/", pathNot: tests() },
      to: { path: "^adapters/", pathNot: "^adapters/$1/" },
    },
    driver("postgres", "pg|node-pg-migrate", "adapters/postgres"),
    driver("redis", "ioredis", "adapters/redis"),
    driver("elasticsearch", "@elastic/elasticsearch", "adapters/elasticsearch"),
    driver("kafka", "@platformatic/kafka", "adapters/kafka"),
    driver("temporal", "@temporalio/(client|worker)", "adapters/temporal|workers"),
    driver("stripe", "stripe", "adapters/stripe"),
    driver("paypal", "@paypal/paypal-server-sdk", "adapters/paypal"),
    driver("email", "nodemailer", "adapters/email"),
    driver("better-auth", "better-auth", "adapters/better-auth"),
    driver("grpc", "@grpc/grpc-js", "adapters/checkout|workers/checkout|api/grpc"),
    {
      name: "config-is-read-at-the-entry",
      comment: "Settings are passed in, so that every part can be tested with other settings.",
      severity: "error",
      from: { pathNot: [entries(), outside(), tests()] },
      to: { path: "^platform/config[.]ts$", dependencyTypesNot: erased() },
    },
    {
      name: "entries-are-started-not-imported",
      comment: "Importing an entry file would start its process.",
      severity: "error",
      from: { pathNot: [outside(), tests()] },
      to: { path: entries() },
    },
    {
      name: "house-does-not-lean-on-scaffolding",
      comment: "local/, tests/ and bench/ are not in a production image.",
      severity: "error",
      from: { pathNot: [outside(), tests()] },
      to: { path: [outside(), tests()] },
    },
    {
      name: "house-runs-without-dev-dependencies",
      severity: "error",
      from: { path: "/", pathNot: [outside(), tests()] },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: erased() },
    },

    // What holds everywhere.
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "imports-resolve", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-orphan",
      comment:
        "Nothing imports this file and it is no entry (pages of web/ are): connect it or delete it.",
      severity: "error",
      from: { orphan: true, path: "/", pathNot: [entries(), outside(), tests(), "^web/"] },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true, // keeps `import type` apart from `import`
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist/|coverage/|[.]marquee/|web/storefront/dist)" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js"],
    },
  },
};

/** Without `libraries` even npm packages and Node's own modules must be named. */
function room(name, { allows, libraries = false }) {
  return {
    name: `${name}-imports`,
    severity: "error",
    from: { path: `^${name}/`, pathNot: tests() },
    to: { pathNot: allows, ...(libraries && { dependencyTypes: ["local"] }) },
  };
}

/** A driver's types may travel; its code is called in one place. */
function driver(name, packages, home) {
  return {
    name: `${name}-is-driven-by-its-adapter`,
    severity: "error",
    from: { pathNot: [`^(${home})/`, outside(), tests()] },
    to: { path: `node_modules/(${packages})/`, dependencyTypesNot: erased() },
  };
}

function entries() {
  return "^(api/main|search-indexer/(main|reindex)|workers/([^/]+|.+/main))[.]ts$";
}

function outside() {
  return "^(local|tests|bench)/";
}

function tests() {
  return "[.]test[.]ts$";
}

function erased() {
  return ["type-only", "type-import"];
}
