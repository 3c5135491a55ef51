import { generateKeyPairSync, X509Certificate } from "node:crypto";

import { expect, test } from "@jest/globals";

import { issueCertificate } from "./issue-certificate.ts";

const authority = generateKeyPairSync("ed25519");
const root = {
  subject: "Marquee test root",
  publicKey: authority.publicKey,
  issuer: { subject: "Marquee test root", privateKey: authority.privateKey },
  serial: 1,
  validFrom: new Date("2026-01-01T00:00:00Z"),
  validTo: new Date("2049-12-31T23:59:59Z"),
  isAuthority: true,
};

test("Node reads what is issued: names, times, serial number, who may issue", () => {
  const certificate = new X509Certificate(issueCertificate({ ...root, serial: 0xfedcba }));
  expect(certificate.subject).toBe("CN=Marquee test root");
  expect(certificate.ca).toBe(true);
  expect(certificate.serialNumber).toBe("FEDCBA");
  expect(new Date(certificate.validFrom)).toEqual(root.validFrom);
  expect(new Date(certificate.validTo)).toEqual(root.validTo);
  expect(certificate.verify(authority.publicKey)).toBe(true);
});

test("an RSA key under an Ed25519 root: issued by it, and no authority itself", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const leaf = new X509Certificate(
    issueCertificate({ ...root, subject: "leaf", publicKey, serial: 2, isAuthority: false }),
  );
  const issuer = new X509Certificate(issueCertificate(root));
  expect([leaf.checkIssued(issuer), leaf.verify(issuer.publicKey), leaf.ca]).toEqual([
    true,
    true,
    false,
  ]);
  expect(leaf.publicKey.equals(publicKey)).toBe(true);
});

test("control: a certificate is not verified by a key that did not sign it", () => {
  const stranger = generateKeyPairSync("ed25519");
  const certificate = new X509Certificate(issueCertificate(root));
  expect(certificate.verify(stranger.publicKey)).toBe(false);
});

test("the same input is the same certificate", () => {
  expect(issueCertificate(root)).toBe(issueCertificate(root));
});
