import type Stripe from "stripe";

import type { Form } from "./form.ts";
import { integerOf, objectOf, textOf } from "./form.ts";
import { invalidParameter, missing } from "./refusal.ts";

/** A page of a list, newest first, as Stripe cuts it. `items` come oldest first. */
export function pageOf<Item extends { id: string; created: number }>(
  items: Item[],
  form: Form,
  url: string,
): Stripe.ApiList<Item> {
  const limit = limitOf(form);
  const matching = items.filter(({ created }) => isWithin(created, form)).reverse();
  const after = textOf(form, "starting_after");
  const at = matching.findIndex(({ id }) => id === after);
  if (after !== undefined && at < 0) throw missing("object", after, "starting_after");
  const start = at + 1;
  const data = matching.slice(start, start + limit);
  return { object: "list", data, has_more: start + limit < matching.length, url };
}

/** Stripe's search language, as far as it is needed: `metadata["booking"]:"…" AND status:"…"`. */
export function searchOf(
  intents: Stripe.PaymentIntent[],
  form: Form,
): Stripe.ApiSearchResult<Stripe.PaymentIntent> {
  const query = textOf(form, "query");
  if (query === undefined) throw invalidParameter("query", "Missing required param: query.");
  const clauses = query.split(/\s+AND\s+/).map(readClause);
  const found = intents.filter((intent) => clauses.every((clause) => clause(intent))).reverse();
  return {
    object: "search_result",
    data: found.slice(0, limitOf(form)),
    has_more: found.length > limitOf(form),
    next_page: null,
    url: "/v1/payment_intents/search",
  } as Stripe.ApiSearchResult<Stripe.PaymentIntent>;
}

function readClause(clause: string): (intent: Stripe.PaymentIntent) => boolean {
  const [, key = "", value = ""] =
    /^metadata\[["']([^"']+)["']\]:["']([^"']*)["']$/.exec(clause.trim()) ?? [];
  if (key !== "") return ({ metadata }) => metadata[key] === value;
  const [, status] = /^status:["']([a-z_]+)["']$/.exec(clause.trim()) ?? [];
  if (status !== undefined) return (intent) => intent.status === status;
  throw invalidParameter("query", "This sandbox searches by metadata and status only.");
}

function limitOf(form: Form): number {
  const limit = integerOf(form, "limit") ?? 10;
  if (!(limit >= 1 && limit <= 100)) throw invalidParameter("limit", "Limit is from 1 to 100.");
  return limit;
}

function isWithin(created: number, form: Form): boolean {
  const bounds = objectOf(form, "created");
  const { gte, gt, lte, lt } = {
    gte: integerOf(bounds, "gte") ?? 0,
    gt: integerOf(bounds, "gt") ?? -1,
    lte: integerOf(bounds, "lte") ?? Infinity,
    lt: integerOf(bounds, "lt") ?? Infinity,
  };
  return created >= gte && created > gt && created <= lte && created < lt;
}
