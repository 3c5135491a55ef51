import { randomUUID, verify, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { Agent } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { OrderRequest } from "@paypal/paypal-server-sdk";
import {
  CheckoutPaymentIntent,
  Client,
  CustomError,
  OrdersController,
  PatchOp,
  PaymentsController,
} from "@paypal/paypal-server-sdk";

import { eventually } from "../../tests/eventually.ts";
import { localKeys } from "../local-keys.ts";
import { controlSandbox } from "./control-sandbox.ts";
import { createPaypalSandbox } from "./create-paypal-sandbox.ts";
import type { PaypalSandboxOptions } from "./create-paypal-sandbox.ts";

const clientId = "marquee-unit-client";
const clientSecret = "marquee-unit-secret";
const webhookId = "WH-UNIT";

/** A shop's webhook address: keeps what it was sent, and answers as it is told. */
type Delivery = { id: string; type: string; resource: Record<string, unknown>; signed: boolean };
const received: Delivery[] = [];
let shopStatus = 200;
const shop = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    void check(Buffer.concat(chunks), request.headers).then((delivery) => {
      if (shopStatus === 200) received.push(delivery);
      response.writeHead(shopStatus).end();
    });
  });
});
let webhookUrl: string;
let folder: string;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  shop.listen(0, "127.0.0.1");
  await once(shop, "listening");
  webhookUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/webhooks/paypal`;
  folder = await mkdtemp(join(tmpdir(), "marquee-paypal-"));
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  received.length = 0;
  shopStatus = 200;
});
afterAll(async () => {
  shop.close();
  shop.closeAllConnections();
  await rm(folder, { recursive: true });
});

/** As PayPal's documentation says that a shop should. */
async function check(body: Buffer, headers: NodeJS.Dict<string | string[]>): Promise<Delivery> {
  const event = JSON.parse(body.toString()) as Omit<Delivery, "type"> & { event_type: string };
  const header = (name: string) => String(headers[`paypal-${name}`]);
  const chain = await (await fetch(header("cert-url"))).text();
  const [id, time] = [header("transmission-id"), header("transmission-time")];
  const signed = Buffer.from(`${id}|${time}|${webhookId}|${crc32(body)}`);
  const signature = Buffer.from(header("transmission-sig"), "base64");
  const leaf = new X509Certificate(chain);
  const root = new X509Certificate(Buffer.from(localKeys.PAYPAL_WEBHOOK_ROOTS, "base64"));
  const isGood = verify("RSA-SHA256", signed, leaf.publicKey, signature);
  return { ...event, type: event.event_type, signed: isGood && leaf.verify(root.publicKey) };
}

async function startSandbox(options: Partial<PaypalSandboxOptions> = {}) {
  const sandbox = createPaypalSandbox({
    clientId,
    clientSecret,
    webhookId,
    authorityKey: localKeys.PAYPAL_SANDBOX_AUTHORITY_KEY,
    ...options,
  });
  const address = await sandbox.listen();
  closing.push(sandbox.close);
  const httpsAgent = new Agent({ keepAlive: true });
  httpsAgent.createConnection = () => connect(Number(new URL(address).port), "127.0.0.1");
  const client = new Client({
    clientCredentialsAuthCredentials: { oAuthClientId: clientId, oAuthClientSecret: clientSecret },
    httpClientOptions: { timeout: 1_000, httpsAgent },
    unstable_httpClientOptions: { proxy: false },
  });
  async function close() {
    closing.splice(closing.indexOf(sandbox.close), 1);
    await sandbox.close();
  }
  return {
    address,
    orders: new OrdersController(client),
    payments: new PaymentsController(client),
    control: controlSandbox(address),
    close,
  };
}

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

const prefer = "return=representation";
const body: OrderRequest = {
  intent: CheckoutPaymentIntent.Authorize,
  purchaseUnits: [
    { amount: { currencyCode: "EUR", value: "50.00" }, customId: "b1", invoiceId: "inv-1" },
  ],
};

async function create(
  { orders }: Sandbox,
  { request = body, paypalRequestId }: { request?: OrderRequest; paypalRequestId?: string } = {},
) {
  const key = paypalRequestId === undefined ? {} : { paypalRequestId };
  const { result } = await orders.createOrder({ body: request, prefer, ...key });
  const link = result.links?.find(({ rel }) => rel === "approve" || rel === "payer-action");
  return { id: result.id ?? "", approvalUrl: link?.href, ...result };
}

async function authorise(sandbox: Sandbox) {
  const { id, approvalUrl } = await create(sandbox);
  await sandbox.control.approve(approvalUrl);
  const { result } = await sandbox.orders.authorizeOrder({ id, prefer, body: {} });
  return {
    id,
    authorizationId: result.purchaseUnits?.[0]?.payments?.authorizations?.[0]?.id ?? "",
  };
}

async function issueOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(
    () => "done",
    (error: unknown) => {
      if (!(error instanceof CustomError)) return String(error);
      // The client reads the body of those statuses only that it knows for the call.
      const body = typeof error.body === "string" ? error.body : "{}";
      const { details } = JSON.parse(body) as { details: { issue: string }[] };
      return `${error.statusCode} ${details[0]?.issue ?? ""}`;
    },
  );
}

test("the official client walks the whole way: create, approve, authorise, capture, refund, and reads it back", async () => {
  const sandbox = await startSandbox();
  const { orders, payments, control } = sandbox;
  const created = await create(sandbox);
  expect(created).toMatchObject({ status: "CREATED", purchaseUnits: [{ customId: "b1" }] });
  expect(await issueOf(orders.authorizeOrder({ id: created.id, body: {} }))).toBe(
    "422 ORDER_NOT_APPROVED",
  );
  await control.approve(created.approvalUrl);
  const approved = await orders.getOrder({ id: created.id });
  expect(approved.result).toMatchObject({
    status: "APPROVED",
    payer: { emailAddress: "buyer@example.com" },
  });
  const { result } = await orders.authorizeOrder({ id: created.id, prefer, body: {} });
  const [authorization] = result.purchaseUnits?.[0]?.payments?.authorizations ?? [];
  expect([result.status, authorization?.status]).toEqual(["COMPLETED", "CREATED"]);
  const authorizationId = authorization?.id ?? "";
  const capture = await payments.captureAuthorizedPayment({
    authorizationId,
    prefer,
    body: { amount: { currencyCode: "EUR", value: "40.00" }, finalCapture: true },
  });
  expect(capture.result).toMatchObject({ status: "COMPLETED", amount: { value: "40.00" } });
  const captureId = capture.result.id ?? "";
  const refund = await payments.refundCapturedPayment({
    captureId,
    prefer,
    body: { amount: { currencyCode: "EUR", value: "10.00" } },
  });
  const read = await payments.getRefund({ refundId: refund.result.id ?? "" });
  expect(read.result).toMatchObject({ status: "COMPLETED", amount: { value: "10.00" } });
  expect((await payments.getCapturedPayment({ captureId })).result.status).toBe(
    "PARTIALLY_REFUNDED",
  );
  expect((await payments.getAuthorizedPayment({ authorizationId })).result.status).toBe("CAPTURED");
  const books = await control.ledger();
  expect(books.totals["EUR"]).toEqual({ authorised: "0.00", captured: "40.00", refunded: "10.00" });
  expect(books.events.map(({ type }) => type)).toEqual([
    "CHECKOUT.ORDER.APPROVED",
    "PAYMENT.AUTHORIZATION.CREATED",
    "PAYMENT.CAPTURE.COMPLETED",
    "PAYMENT.CAPTURE.REFUNDED",
  ]);
});

test("refusals are those of the official client's classes", async () => {
  const sandbox = await startSandbox();
  const { orders, payments, control } = sandbox;
  expect(await issueOf(orders.getOrder({ id: "NONE" }))).toBe("404 INVALID_RESOURCE_ID");
  const amount = { currencyCode: "JPY", value: "10.50" };
  const withCents = { ...body, purchaseUnits: [{ amount }] };
  expect(await issueOf(create(sandbox, { request: withCents }))).toBe("422 DECIMALS_NOT_SUPPORTED");
  const { authorizationId } = await authorise(sandbox);
  const capture = (value: string) =>
    payments.captureAuthorizedPayment({
      authorizationId,
      prefer,
      body: { amount: { currencyCode: "EUR", value }, finalCapture: true },
    });
  expect(await issueOf(capture("57.51"))).toBe("422 MAX_CAPTURE_AMOUNT_EXCEEDED");
  const { result } = await capture("50.00");
  expect(await issueOf(capture("1.00"))).toBe("422 AUTHORIZATION_ALREADY_CAPTURED");
  expect(await issueOf(payments.voidPayment({ authorizationId }))).toBe("422 PREVIOUSLY_CAPTURED");
  const refund = (value: string) =>
    payments.refundCapturedPayment({
      captureId: result.id ?? "",
      body: { amount: { currencyCode: "EUR", value } },
    });
  expect(await issueOf(refund("50.01"))).toBe("422 REFUND_AMOUNT_EXCEEDED");
  await refund("50.00");
  expect(await issueOf(refund("1.00"))).toBe("422 CAPTURE_FULLY_REFUNDED");
  await control.fault({ kind: "429", retryAfter: 3 });
  await expect(orders.getOrder({ id: "NONE" })).rejects.toMatchObject({
    statusCode: 429,
    headers: { "retry-after": "3" },
  });
  await control.fault({ kind: "black_hole" });
  await expect(orders.getOrder({ id: "NONE" })).rejects.toMatchObject({ code: "ECONNABORTED" });
  await control.fault({ kind: "garbled_after_commit" });
  await expect(create(sandbox)).rejects.toThrow("Could not parse body as JSON");
});

test("a voided authorisation answers with nothing at all, and is void", async () => {
  const sandbox = await startSandbox();
  const { authorizationId } = await authorise(sandbox);
  const { result, statusCode } = await sandbox.payments.voidPayment({ authorizationId });
  expect([result, statusCode]).toEqual([null, 204]);
  const again = sandbox.payments.voidPayment({ authorizationId });
  expect(await issueOf(again)).toBe("422 PREVIOUSLY_VOIDED");
});

test("one request id does its work once and shows what became of it; another request under it is refused", async () => {
  const sandbox = await startSandbox();
  const first = await create(sandbox, { paypalRequestId: "start:1" });
  await sandbox.control.approve(first.approvalUrl);
  const second = await create(sandbox, { paypalRequestId: "start:1" });
  expect([second.id, second.status]).toEqual([first.id, "APPROVED"]);
  const request = { ...body, purchaseUnits: [{ amount: { currencyCode: "EUR", value: "51.00" } }] };
  const other = create(sandbox, { request, paypalRequestId: "start:1" });
  expect(await issueOf(other)).toBe("422 DUPLICATE_REQUEST_ID");
  expect((await sandbox.control.ledger()).orders).toHaveLength(1);
});

test("a request id of an order is kept for six hours", async () => {
  const sandbox = await startSandbox();
  await sandbox.control.setClockBack(5.9);
  const first = await create(sandbox, { paypalRequestId: "start:1" });
  await sandbox.control.setClockBack(0);
  expect((await create(sandbox, { paypalRequestId: "start:1" })).id).toBe(first.id);
  await sandbox.control.setClockBack(6.1);
  await create(sandbox, { paypalRequestId: "start:2" });
  await sandbox.control.setClockBack(0);
  await create(sandbox, { paypalRequestId: "start:2" });
  expect((await sandbox.control.ledger()).orders).toHaveLength(3);
});

test("a request whose first one still runs is in conflict with it", async () => {
  const sandbox = await startSandbox();
  // Both have their token before the first one is kept waiting.
  await create(sandbox);
  await sandbox.control.fault({ kind: "delay", ms: 600 });
  const both = await Promise.all([
    issueOf(create(sandbox, { paypalRequestId: "start:3" })),
    issueOf(create(sandbox, { paypalRequestId: "start:3" })),
  ]);
  expect(both.toSorted()).toEqual(["409 PREVIOUS_REQUEST_IN_PROGRESS", "done"]);
  expect((await sandbox.control.ledger()).orders).toHaveLength(2);
});

test("an order's custom id may be changed until money is set aside for it", async () => {
  const sandbox = await startSandbox();
  const change = (id: string) =>
    sandbox.orders.patchOrder({
      id,
      body: [
        {
          op: PatchOp.Replace,
          path: "/purchase_units/@reference_id=='default'/custom_id",
          value: "b2",
        },
      ],
    });
  const { id } = await create(sandbox);
  await change(id);
  const { result } = await sandbox.orders.getOrder({ id });
  expect(result.purchaseUnits?.[0]?.customId).toBe("b2");
  const paid = await authorise(await startSandbox());
  expect(await issueOf(change(paid.id))).toBe("404 INVALID_RESOURCE_ID");
  const own = await authorise(sandbox);
  expect(await issueOf(change(own.id))).toBe("422 ORDER_ALREADY_COMPLETED");
});

test("without a token, or with one that was withdrawn, nobody gets in", async () => {
  const sandbox = await startSandbox();
  const answer = await fetch(`${sandbox.address}/v2/checkout/orders`, {
    method: "POST",
    body: "{}",
  });
  expect(answer.status).toBe(401);
  await create(sandbox);
  await sandbox.control.revokeTokens();
  expect(await issueOf(create(sandbox))).toBe("401 invalid_token");
});

test("events are signed by a certificate under the known root, and sent again until the shop takes them", async () => {
  shopStatus = 503;
  const sandbox = await startSandbox({ webhookUrl });
  await authorise(sandbox);
  await eventually(async () => (await sandbox.control.ledger()).webhooks.failed > 0);
  shopStatus = 200;
  await eventually(async () => received.length === 2);
  expect(new Set(received.map(({ type }) => type))).toEqual(
    new Set(["CHECKOUT.ORDER.APPROVED", "PAYMENT.AUTHORIZATION.CREATED"]),
  );
  expect(received.every(({ signed }) => signed)).toBe(true);
  expect(received.find(({ type }) => type.startsWith("PAYMENT"))?.resource).toMatchObject({
    custom_id: "b1",
    invoice_id: "inv-1",
    amount: { currency_code: "EUR", value: "50.00" },
    status: "CREATED",
  });
});

test("events come twice, late, backwards or never when they are told to", async () => {
  const sandbox = await startSandbox({ webhookUrl });
  await sandbox.control.webhooks({ hold: true, duplicate: 1, reorder: true });
  await authorise(sandbox);
  expect(received).toHaveLength(0);
  await sandbox.control.webhooks({ hold: false });
  await eventually(async () => received.length === 4);
  expect(new Set(received.map(({ id }) => id)).size).toBe(2);

  received.length = 0;
  await sandbox.control.webhooks({ duplicate: 0, reorder: false, drop: 1 });
  await sandbox.control.approve((await create(sandbox)).approvalUrl);
  await sandbox.control.approve((await create(sandbox)).approvalUrl);
  await eventually(async () => received.length === 1);
  const { events } = await sandbox.control.ledger();
  expect(events.filter(({ delivered }) => !delivered)).toHaveLength(1);
});

test("a restart keeps payments, request ids and undelivered events; half a line at the end is forgotten", async () => {
  const journalPath = join(folder, `${randomUUID()}.jsonl`);
  const first = await startSandbox({ journalPath, webhookUrl });
  await first.control.webhooks({ hold: true });
  const order = await create(first, { paypalRequestId: "start:1" });
  await first.control.approve(order.approvalUrl);
  await first.orders.authorizeOrder({ id: order.id, body: {} });
  const before = await first.control.ledger();
  await first.close();
  await appendFile(journalPath, '{"rows":[{"table":"orders","row":{"id":"HALF');

  const second = await startSandbox({ journalPath, webhookUrl });
  const after = await second.control.ledger();
  expect([after.orders, after.totals]).toEqual([before.orders, before.totals]);
  expect(after.totals["EUR"]?.authorised).toBe("50.00");
  await eventually(async () => received.length === 2);
  expect(received.every(({ signed }) => signed)).toBe(true);
  expect((await create(second, { paypalRequestId: "start:1" })).id).toBe(order.id);
  await second.control.reset();
  expect(await readFile(journalPath, "utf8")).toBe("");
});

const withPages: OrderRequest = {
  ...body,
  paymentSource: {
    paypal: {
      experienceContext: {
        returnUrl: "https://tickets.test/paid?booking=b1",
        cancelUrl: "https://tickets.test/not-paid",
      },
    },
  },
};

test("the approval page needs no script, leads to the shop and nowhere else, and exists for known orders only", async () => {
  const sandbox = await startSandbox();
  const { approvalUrl = "", status } = await create(sandbox, { request: withPages });
  expect(status).toBe("PAYER_ACTION_REQUIRED");
  const page = await fetch(approvalUrl);
  expect(page.status).toBe(200);
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'; style-src 'self'");
  expect(policy).toContain("form-action 'self' https://tickets.test;");
  const html = await page.text();
  expect(html).not.toContain("<script");
  expect(html).toContain("50.00 EUR");
  const style = await fetch(`${sandbox.address}/checkoutnow/page.css`);
  expect(style.headers.get("content-type")).toContain("text/css");
  expect((await fetch(`${sandbox.address}/checkoutnow?token=NONE`)).status).toBe(404);
});

test("each choice on the approval page does what it says, and an order that is over offers none", async () => {
  const sandbox = await startSandbox();
  const { id, approvalUrl = "" } = await create(sandbox, { request: withPages });
  const choose = async (choice: string) => {
    const init = { method: "POST", body: new URLSearchParams({ choice }), redirect: "manual" };
    const answer = await fetch(approvalUrl, init as RequestInit);
    return answer.headers.get("location");
  };
  expect(await choose("cancel")).toBe(`https://tickets.test/not-paid?token=${id}`);
  expect((await sandbox.orders.getOrder({ id })).result.status).toBe("PAYER_ACTION_REQUIRED");
  const paid = `https://tickets.test/paid?booking=b1&token=${id}`;
  expect(await choose("declined_card")).toBe(paid);
  const refused = sandbox.orders.authorizeOrder({ id, body: {} });
  expect(await issueOf(refused)).toBe("422 INSTRUMENT_DECLINED");
  expect(await (await fetch(approvalUrl)).text()).toContain("Choose another way to pay");
  expect(await choose("balance")).toBe(paid);
  await sandbox.orders.authorizeOrder({ id, body: {} });
  expect(await (await fetch(approvalUrl)).text()).toContain("This payment is over");
});

test("an address of the shop that is no web page is refused", async () => {
  const sandbox = await startSandbox();
  const request = structuredClone(withPages);
  const context = request.paymentSource?.paypal?.experienceContext;
  if (context !== undefined) context.returnUrl = "javascript:alert(1)";
  expect(await issueOf(create(sandbox, { request }))).toMatch(/^400 /);
});

test("levers are pulled with JSON only, so no web page can pull them unasked", async () => {
  const { address } = await startSandbox();
  const form = await fetch(`${address}/_sandbox/faults`, {
    method: "POST",
    body: new URLSearchParams({ kind: "500" }),
  });
  expect(form.status).toBe(415);
  expect(form.headers.get("access-control-allow-origin")).toBeNull();
});
