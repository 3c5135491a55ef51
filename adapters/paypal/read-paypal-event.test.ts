import type { KeyObject } from "node:crypto";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "node:zlib";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import type { DomainError } from "../../domain/errors.ts";
import { issueCertificate } from "../../local/paypal-sandbox/issue-certificate.ts";
import { eventually } from "../../tests/eventually.ts";
import { readPaypalEvent } from "./read-paypal-event.ts";
import type { WebhookCertificates } from "./webhook-certificates.ts";
import { createWebhookCertificates } from "./webhook-certificates.ts";

const webhookId = "WH-UNIT";
const paymentId = "0198a6c2-0000-7000-8000-000000000001";
const bookingId = "0198a6c2-0000-7000-8000-000000000002";
const showId = "0198a6c2-0000-7000-8000-000000000003";
const refundId = "0198a6c2-0000-7000-8000-000000000004";
const customId = `${paymentId}.${bookingId}.${showId}`;
const ids = { paymentId, bookingId, showId };
const amount = { currency_code: "GBP", value: "22.00" };

const signer = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const authority = generateKeyPairSync("ed25519");
const rootName = "Marquee test root";
const dayMs = 24 * 3_600_000;

type Issue = Partial<Parameters<typeof issueCertificate>[0]>;

function issue(more: Issue = {}): string {
  return issueCertificate({
    subject: "leaf",
    publicKey: signer.publicKey,
    issuer: { subject: rootName, privateKey: authority.privateKey },
    serial: 2,
    validFrom: new Date(Date.now() - dayMs),
    validTo: new Date(Date.now() + dayMs),
    isAuthority: false,
    ...more,
  });
}
const root = issue({ subject: rootName, publicKey: authority.publicKey, isAuthority: true });
const roots = root.replaceAll(/-----.*-----|\n/g, "");

const silence = -1;

/** Where PayPal keeps its certificates: what is asked for there, and how often. */
let shelf: Record<string, string | number | undefined>;
let asked: string[];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  const found = shelf[request.url ?? ""] ?? 404;
  if (found === silence) return;
  if (typeof found === "number") response.writeHead(found, { location: "/certs/good" }).end();
  else response.end(found);
});
let certUrl: string;
let certificates: WebhookCertificates;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  certUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs/`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  shelf = { "/certs/good": issue() };
  asked = [];
  certificates = createWebhookCertificates({ certUrl, roots, fetchMsMax: 1_000 });
});

function eventOf(type: string, resource: unknown, more = {}): string {
  return JSON.stringify({ id: "WH-1", event_type: type, resource, ...more });
}

const authorisedEvent = eventOf("PAYMENT.AUTHORIZATION.CREATED", {
  id: "AUTH1",
  status: "CREATED",
  custom_id: customId,
  amount,
});

type Signing = { url?: string; webhookId?: string; key?: KeyObject; header?: [string, string] };

function headersOf(body: string, signing: Signing = {}): Headers {
  const [id, time] = ["transmission-1", new Date().toISOString()];
  const signed = `${id}|${time}|${signing.webhookId ?? webhookId}|${crc32(body)}`;
  const signature = sign("RSA-SHA256", Buffer.from(signed), signing.key ?? signer.privateKey);
  const headers = new Headers({
    "paypal-transmission-id": id,
    "paypal-transmission-time": time,
    "paypal-transmission-sig": signature.toString("base64"),
    "paypal-auth-algo": "SHA256withRSA",
    "paypal-cert-url": signing.url ?? `${certUrl}good`,
  });
  if (signing.header !== undefined) headers.set(...signing.header);
  return headers;
}

async function read(body: string, headers = headersOf(body)) {
  const options = { webhookId, certificates };
  return readPaypalEvent(new TextEncoder().encode(body), headers, options);
}

async function refusalOf(body: string, headers?: Headers): Promise<string> {
  const { code, details } = await read(body, headers).then(
    () => ({ code: "taken", details: {} as Record<string, string> }),
    (error: DomainError & { details: Record<string, string> }) => error,
  );
  return [code, details["reason"]].filter(Boolean).join(" ");
}

test("a true event is a fact", async () => {
  expect(await read(authorisedEvent)).toEqual({
    kind: "payment",
    fact: {
      eventId: "WH-1",
      provider: "paypal",
      ...ids,
      status: "authorised",
      amountMinor: 2_200,
      currency: "GBP",
    },
  });
});

test.each([
  ["PAYMENT.AUTHORIZATION.VOIDED", "VOIDED", "voided"],
  ["PAYMENT.CAPTURE.COMPLETED", "COMPLETED", "captured"],
  ["PAYMENT.CAPTURE.PENDING", "PENDING", "authorised"],
  ["PAYMENT.CAPTURE.DENIED", "DECLINED", "voided"],
  ["PAYMENT.CAPTURE.DECLINED", "DECLINED", "voided"],
])("%s is read with the amount that is really there", async (type, shown, status) => {
  const resource = { status: shown, custom_id: customId, amount: { ...amount, value: "21.00" } };
  expect(await read(eventOf(type, resource))).toMatchObject({
    kind: "payment",
    fact: { status, amountMinor: 2_100 },
  });
});

test("approvals, refunds and disputes are hints about a payment", async () => {
  const identity = { eventId: "WH-1", provider: "paypal", ...ids };
  const units = [{ custom_id: customId }];
  expect(await read(eventOf("CHECKOUT.ORDER.APPROVED", { purchase_units: units }))).toEqual({
    kind: "approval",
    ...identity,
  });
  const refund = { custom_id: customId, invoice_id: `${refundId}.2`, status: "COMPLETED" };
  expect(await read(eventOf("PAYMENT.CAPTURE.REFUNDED", refund))).toEqual({
    kind: "refund",
    refundId,
    ...identity,
  });
  const dispute = { disputed_transactions: [{ custom: "another shop" }, { custom: customId }] };
  expect(await read(eventOf("CUSTOMER.DISPUTE.CREATED", dispute))).toEqual({
    kind: "dispute",
    isOpen: true,
    ...identity,
  });
  expect(await read(eventOf("CUSTOMER.DISPUTE.RESOLVED", dispute))).toMatchObject({
    isOpen: false,
  });
});

test.each([
  ["an event that we do not act on", eventOf("BILLING.PLAN.CREATED", {})],
  ["somebody else's money", authorisedEvent.replaceAll(customId, "order-7")],
  ["an id that is no UUID", authorisedEvent.replaceAll(customId, `1;drop.${bookingId}.${showId}`)],
  ["a picture that does not fit the name", authorisedEvent.replace('"CREATED"', '"PENDING"')],
  [
    "an approval of a payment that was voided",
    eventOf("CHECKOUT.ORDER.APPROVED", { purchase_units: [{ custom_id: `${customId}.void` }] }),
  ],
  [
    "a refund that was not ordered by us",
    eventOf("PAYMENT.CAPTURE.REFUNDED", { custom_id: customId, invoice_id: "by-hand" }),
  ],
  ["a resource of another shape", eventOf("PAYMENT.CAPTURE.COMPLETED", [1])],
  ["an event without an id", JSON.stringify({ event_type: "PAYMENT.CAPTURE.COMPLETED" })],
  ["what is no JSON", "{"],
])("%s is ignored", async (_, body) => {
  expect(await read(body)).toBe("ignored");
});

test("what PayPal did not sign is refused", async () => {
  const altered = authorisedEvent.replace("22.00", "23.00");
  expect(altered).not.toBe(authorisedEvent);
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
  const cases = await Promise.all([
    refusalOf(authorisedEvent, new Headers()),
    refusalOf(altered, headersOf(authorisedEvent)),
    refusalOf(authorisedEvent, headersOf(authorisedEvent, { key: stranger })),
    refusalOf(authorisedEvent, headersOf(authorisedEvent, { webhookId: "WH-OTHER" })),
    refusalOf(
      authorisedEvent,
      headersOf(authorisedEvent, { header: ["paypal-transmission-sig", "bm9uc2Vuc2U="] }),
    ),
    refusalOf(
      authorisedEvent,
      headersOf(authorisedEvent, { header: ["paypal-transmission-id", "another"] }),
    ),
    refusalOf(
      authorisedEvent,
      headersOf(authorisedEvent, { header: ["paypal-auth-algo", "SHA1withRSA"] }),
    ),
  ]);
  expect(cases.map((refusal) => refusal.replace("WEBHOOK_SIGNATURE_INVALID ", ""))).toEqual([
    "missing",
    "signature",
    "signature",
    "signature",
    "signature",
    "signature",
    "algorithm",
  ]);
});

test("the same event written by another serialiser is refused: the bytes are signed, not the meaning", async () => {
  const rewritten = JSON.stringify(JSON.parse(authorisedEvent), undefined, 2);
  expect(await refusalOf(rewritten, headersOf(authorisedEvent))).toMatch(/signature$/);
});

test("a certificate is fetched from PayPal's own shelf and from nowhere else, whatever the address pretends", async () => {
  const { port } = server.address() as AddressInfo;
  const addresses = [
    `http://127.0.0.1:${port}/other/good`,
    `http://localhost:${port}/certs/good`,
    `${certUrl}../other/good`,
    `${certUrl}%2e%2e/other`,
    `${certUrl}good?x=1`,
    `${certUrl}good#x`,
    `http://127.0.0.1:${port}@127.0.0.1:${port}/certs/good`,
    `https://evil.test/?${certUrl}good`,
    certUrl,
    "nonsense",
  ];
  for (const url of addresses) {
    const refusal = await refusalOf(authorisedEvent, headersOf(authorisedEvent, { url }));
    expect(refusal).toBe("WEBHOOK_SIGNATURE_INVALID certificate address");
  }
  expect(asked).toEqual([]);
});

test("control: the shelf is asked when the address is PayPal's", async () => {
  await read(authorisedEvent);
  expect(asked).toEqual(["/certs/good"]);
});

test("a certificate counts if it leads to the known root: directly, or step by step", async () => {
  const middle = generateKeyPairSync("ed25519");
  const byMiddle = { issuer: { subject: "middle", privateKey: middle.privateKey } };
  const middleCertificate = { subject: "middle", publicKey: middle.publicKey, serial: 3 };
  const cases = {
    "two steps": issue(byMiddle) + issue({ ...middleCertificate, isAuthority: true }),
    "the root comes along": issue() + root,
    "an issuer that may not issue": issue(byMiddle) + issue(middleCertificate),
    "an issuer that is missing": issue(byMiddle),
    "an issuer with the root's name": issue({
      issuer: { subject: rootName, privateKey: middle.privateKey },
    }),
    "a root of its own making":
      issue(byMiddle) + issue({ ...middleCertificate, ...byMiddle, isAuthority: true }),
    over: issue({ validTo: new Date(Date.now() - 1_000) }),
    "not yet": issue({ validFrom: new Date(Date.now() + dayMs) }),
    "its issuer is over":
      issue(byMiddle) +
      issue({ ...middleCertificate, isAuthority: true, validTo: new Date(Date.now() - 1_000) }),
    "no certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    nothing: "",
  };
  const outcomes: Record<string, string> = {};
  for (const [name, chain] of Object.entries(cases)) {
    certificates = createWebhookCertificates({ certUrl, roots });
    shelf = { "/certs/good": chain };
    outcomes[name] = (await refusalOf(authorisedEvent)).replace("WEBHOOK_SIGNATURE_INVALID ", "");
  }
  expect(outcomes).toEqual({
    "two steps": "taken",
    "the root comes along": "taken",
    "an issuer that may not issue": "certificate issuer",
    "an issuer that is missing": "certificate issuer",
    "an issuer with the root's name": "certificate issuer",
    "a root of its own making": "certificate issuer",
    over: "certificate out of time",
    "not yet": "certificate out of time",
    "its issuer is over": "certificate out of time",
    "no certificate": "certificate unreadable",
    nothing: "certificate missing",
  });
});

test("a key that is not RSA signs nothing", async () => {
  const { publicKey } = generateKeyPairSync("ed25519");
  shelf = { "/certs/good": issue({ publicKey }) };
  expect(await refusalOf(authorisedEvent)).toMatch(/algorithm$/);
});

test("twenty events at once and twenty later fetch their certificate once", async () => {
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => read(authorisedEvent)));
  }
  expect(asked).toEqual(["/certs/good"]);
});

test("a certificate that ends while it is kept is not believed any longer", async () => {
  shelf = {
    "/certs/good": issue({ validTo: new Date(Math.ceil(Date.now() / 1_000 + 1) * 1_000) }),
  };
  expect(await read(authorisedEvent)).toMatchObject({ kind: "payment" });
  const refusal = await eventually(async () => {
    const answer = await refusalOf(authorisedEvent);
    return answer !== "taken" && answer;
  });
  expect(refusal).toBe("WEBHOOK_SIGNATURE_INVALID certificate out of time");
});

test.each([
  ["does not answer", silence],
  ["has a bad moment", 503],
  ["sends us elsewhere", 302],
] as const)("a shelf that %s leaves the event for PayPal to send again", async (_, answer) => {
  shelf = { "/certs/good": answer };
  expect(await refusalOf(authorisedEvent)).toBe("PAYMENT_PROVIDER_UNAVAILABLE");
  shelf = { "/certs/good": issue() };
  expect(await read(authorisedEvent)).toMatchObject({ kind: "payment" });
});

test("a certificate that is not there, or has no end, is refused", async () => {
  shelf = { "/certs/big": "-".repeat(1_000_000) };
  expect(await refusalOf(authorisedEvent)).toBe("WEBHOOK_SIGNATURE_INVALID certificate unknown");
  const headers = headersOf(authorisedEvent, { url: `${certUrl}big` });
  expect(await refusalOf(authorisedEvent, headers)).toMatch(/certificate too large$/);
});

test("many made-up addresses at once do not send us all to PayPal", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `made-up-${index}`);
  for (const name of names) shelf[`/certs/${name}`] = silence;
  const refusals = names.map((name) =>
    refusalOf(authorisedEvent, headersOf(authorisedEvent, { url: certUrl + name })),
  );
  expect(new Set(await Promise.all(refusals))).toEqual(new Set(["PAYMENT_PROVIDER_UNAVAILABLE"]));
  expect(asked.length).toBeLessThanOrEqual(4);
});

test("a root that is no certificate is told at the start", () => {
  expect(() => createWebhookCertificates({ certUrl, roots: "bm9uc2Vuc2U=" })).toThrow(
    "not a certificate",
  );
});
