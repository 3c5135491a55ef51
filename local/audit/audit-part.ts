import type { PromiseName, Violation } from "../../domain/violation.ts";

/** What one part of the audit has asked, and what it heard. */
export type AuditPart = {
  checks: { promise: PromiseName; holds: string }[];
  violations: Violation[];
  /** What it has looked at, with counts, as sentences. */
  looked: string[];
};
