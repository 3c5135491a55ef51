import type { ServerVariable } from "./start-servers.ts";

/** A process of the house as `npm start` runs it. Each answers GET /readyz on its HEALTH_PORT. */
export type HouseProcess = {
  name: string;
  entry: string;
  /** Started when these are ready; not at all when one of them cannot be had. */
  needs: readonly ServerVariable[];
  /** A stand-in for something outside: not started when the environment says where that is. */
  standsInFor?: "STRIPE_API_URL" | "PAYPAL_API_URL" | "SMTP_URL" | "IDENTITY_ISSUER";
};

export const processes: readonly HouseProcess[] = [
  {
    name: "stripe-sandbox",
    entry: "local/stripe-sandbox/main.ts",
    needs: [],
    standsInFor: "STRIPE_API_URL",
  },
  {
    name: "paypal-sandbox",
    entry: "local/paypal-sandbox/main.ts",
    needs: [],
    standsInFor: "PAYPAL_API_URL",
  },
  { name: "mail-inbox", entry: "local/mail-inbox/main.ts", needs: [], standsInFor: "SMTP_URL" },
  { name: "identity", entry: "local/identity/main.ts", needs: [], standsInFor: "IDENTITY_ISSUER" },
  {
    name: "checkout",
    entry: "workers/checkout/main.ts",
    needs: ["DATABASE_URL", "TEMPORAL_ADDRESS"],
  },
  { name: "api", entry: "api/main.ts", needs: ["DATABASE_URL"] },
  { name: "sign-in", entry: "workers/sign-in/main.ts", needs: ["DATABASE_URL"] },
  {
    name: "payments",
    entry: "workers/payments/main.ts",
    needs: ["DATABASE_URL", "TEMPORAL_ADDRESS"],
  },
  {
    name: "outbox-relay",
    entry: "workers/outbox-relay.ts",
    needs: ["DATABASE_URL", "KAFKA_BROKERS"],
  },
  { name: "notifier", entry: "workers/notifier/main.ts", needs: ["DATABASE_URL", "KAFKA_BROKERS"] },
  {
    name: "user-bookings",
    entry: "workers/user-bookings.ts",
    needs: ["DATABASE_URL", "KAFKA_BROKERS"],
  },
  {
    name: "waiting-list",
    entry: "workers/waiting-list/main.ts",
    needs: ["DATABASE_URL", "TEMPORAL_ADDRESS", "KAFKA_BROKERS"],
  },
  {
    name: "search-indexer",
    entry: "search-indexer/main.ts",
    needs: ["DATABASE_URL", "KAFKA_BROKERS", "ELASTICSEARCH_URL"],
  },
];
