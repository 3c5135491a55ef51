import type { estypes } from "@elastic/elasticsearch";

/** A query, or a part of one. */
export type Clause = NonNullable<estypes.QueryDslQueryContainer>;
