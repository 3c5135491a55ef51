import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { jwtVerify } from "jose";

import { ticketDocument } from "../../tests/ticket-document.ts";
import { signApplePass } from "./sign-apple-pass.ts";
import type { ApplePassAccount } from "./sign-apple-pass.ts";
import { signGoogleLink } from "./sign-google-link.ts";

let folder: string;
let apple: ApplePassAccount;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wallets-"));
  apple = makeChain();
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A root that stands in for Apple's, and a certificate for passes. */
function makeChain(): ApplePassAccount {
  const key = ["-newkey", "rsa:2048", "-nodes", "-days", "3650"];
  openssl("req", "-x509", ...key, "-subj", "/CN=Root", "-keyout", "root.key", "-out", "root.pem");
  openssl("req", ...key, "-subj", "/CN=Pass", "-keyout", "pass.key", "-out", "pass.csr");
  openssl(
    ...["x509", "-req", "-in", "pass.csr", "-CA", "root.pem", "-CAkey", "root.key"],
    ...["-CAcreateserial", "-days", "3650", "-out", "pass.pem"],
  );
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return {
    passTypeId: "pass.example.tickets",
    teamId: "ABCDE12345",
    certificate: read("pass.pem"),
    privateKey: read("pass.key"),
    intermediateCertificate: read("root.pem"),
  };
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
}

test("a pass says what the ticket does, each of its files is in the manifest, and that is signed by our certificate", () => {
  const ticket = ticketDocument();
  const files = unzip(signApplePass(ticket, apple));
  const pass = JSON.parse(files.get("pass.json")?.toString() ?? "{}");
  expect(pass).toMatchObject({
    ...{ passTypeIdentifier: "pass.example.tickets", serialNumber: ticket.ticketId },
    barcodes: [{ message: ticket.qr, format: "PKBarcodeFormatQR" }],
    eventTicket: {
      primaryFields: [{ value: "Quiet Engine" }],
      auxiliaryFields: [{ value: "Stalls" }, { value: "F" }, { value: "12" }],
    },
  });
  const manifest = JSON.parse(files.get("manifest.json")?.toString() ?? "{}");
  const sealed = [...files].filter(([name]) => !["manifest.json", "signature"].includes(name));
  expect(
    Object.fromEntries(
      sealed.map(([name, bytes]) => [name, createHash("sha1").update(bytes).digest("hex")]),
    ),
  ).toEqual(manifest);

  for (const name of ["manifest.json", "signature"]) {
    writeFileSync(join(folder, name), files.get(name) ?? "");
  }
  const verify = () =>
    openssl(
      ...["cms", "-verify", "-inform", "DER", "-in", "signature", "-content", "manifest.json"],
      ...["-CAfile", "root.pem", "-purpose", "any", "-binary", "-out", "verified"],
    );
  expect(verify).not.toThrow();
  writeFileSync(join(folder, "manifest.json"), "{}");
  expect(verify).toThrow("Verification failure");
});

test("a link for Google's wallet is signed by the service account and has the code; it is short enough whatever a title says", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const account = {
    issuerId: "3388000000012345678",
    clientEmail: "tickets@marquee-123456.iam.gserviceaccount.com",
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
  const ticket = ticketDocument();
  const link = await signGoogleLink(ticket, account);
  const [, token = ""] = link.split("https://pay.google.com/gp/v/save/");
  const { payload } = await jwtVerify(token, publicKey, {
    ...{ issuer: account.clientEmail, audience: "google" },
  });
  expect(payload).toMatchObject({
    typ: "savetowallet",
    payload: {
      eventTicketClasses: [{ eventName: { defaultValue: { value: "Quiet Engine" } } }],
      eventTicketObjects: [{ barcode: { type: "QR_CODE", value: ticket.qr } }],
    },
  });
  const long = "静かな機関".repeat(40);
  const show = { title: long, venueName: long, city: long };
  const longest = await signGoogleLink(ticketDocument({ show, seat: { section: long } }), account);
  expect(longest.length).toBeLessThanOrEqual(1_800);
});

/** The files of a zip whose entries are stored as they are. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let at = 0;
  while (zip.readUInt32LE(at) === 0x04034b50) {
    const size = zip.readUInt32LE(at + 18);
    const nameLength = zip.readUInt16LE(at + 26);
    const from = at + 30 + nameLength + zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 30, at + 30 + nameLength);
    files.set(name, zip.subarray(from, from + size));
    at = from + size;
  }
  return files;
}
