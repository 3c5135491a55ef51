import {
  createPrivateKey,
  createPublicKey,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import type { KeyObject } from "node:crypto";

/** What the code at the door says. It opens a door once: that is checked where tickets are, not here. */
export type SignedTicket = { ticketId: string; seatId: string; issuedAtMs: number };

export type TicketSigning = {
  sign(ticket: SignedTicket): string;
  /** The ticket, or undefined when the text was not signed by one of our keys. */
  verify(text: string): SignedTicket | undefined;
  /** For scanners without the network: all keys that tickets were signed with, the newest first. `key`: 32 bytes in base64url. */
  publicKeys: { id: string; key: string }[];
};

/**
 * Ed25519 over a compact text that fits a QR code: `MQ1.<key id>.<payload>.<signature>`. A scanner needs the public keys only.
 * `keys` is `id:base64(PKCS#8 DER)`, newest first; older ones stay for checking, so that sold tickets outlive a rotation.
 */
export function createTicketSigning(keys: string): TicketSigning {
  const known = keys.split(",").map(parseKey);
  const [newest] = known;
  if (newest === undefined) throw new Error("TICKET_KEYS names no key");

  return {
    publicKeys: known.map(({ id, publicKey }) => ({
      id,
      key: String(publicKey.export({ format: "jwk" }).x),
    })),

    sign({ ticketId, seatId, issuedAtMs }) {
      const payload = Buffer.from(JSON.stringify([ticketId, seatId, issuedAtMs]));
      const signed = `${version}.${newest.id}.${payload.toString("base64url")}`;
      const signature = signBytes(null, Buffer.from(signed), newest.privateKey);
      return `${signed}.${signature.toString("base64url")}`;
    },

    verify(text) {
      const [start, keyId, payload, signature, ...rest] = text.split(".");
      const key = known.find(({ id }) => id === keyId);
      if (start !== version || key === undefined || !payload || !signature || rest.length > 0) {
        return undefined;
      }
      const signed = Buffer.from(`${start}.${keyId}.${payload}`);
      const isOurs = verifyBytes(null, signed, key.publicKey, Buffer.from(signature, "base64url"));
      return isOurs ? readPayload(payload) : undefined;
    },
  };
}

const version = "MQ1";

/** Only called on what we have signed. */
function readPayload(payload: string): SignedTicket {
  const [ticketId, seatId, issuedAtMs] = JSON.parse(
    Buffer.from(payload, "base64url").toString(),
  ) as [string, string, number];
  return { ticketId, seatId, issuedAtMs };
}

type TicketKey = { id: string; privateKey: KeyObject; publicKey: KeyObject };

function parseKey(text: string): TicketKey {
  const [id, encoded] = text.split(":");
  if (!id || !encoded || !/^[\w-]+$/.test(id)) throw new Error("A ticket key is written id:base64");
  const privateKey = createPrivateKey({
    key: Buffer.from(encoded, "base64"),
    format: "der",
    type: "pkcs8",
  });
  if (privateKey.asymmetricKeyType !== "ed25519") throw new Error("A ticket key must be Ed25519");
  return { id, privateKey, publicKey: createPublicKey(privateKey) };
}
