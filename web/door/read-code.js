/** What people type: eight characters without letters that look like digits. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const codePattern = /^[0-9A-HJKMNP-TV-Z]{8}$/;
const idBytes = 16;

/** The keys of a manifest, by their ids, as the browser checks with them. An old one knows no Ed25519: it has none, and asks. */
export async function importKeys(keys) {
  const known = new Map();
  for (const { id, key } of keys) {
    await crypto.subtle.importKey("raw", fromBase64(key), "Ed25519", false, ["verify"]).then(
      (imported) => known.set(id, imported),
      () => undefined,
    );
  }
  return known;
}

/**
 * What a scanned or typed text is: `{ outcome: "ticket", code, seatId }`, of which a typed one has no seat, or why it is none.
 * `showId` is the public id of the show at this door. Nothing is asked of the network.
 */
export async function readCode(text, { keys, showId }) {
  const typed = typedCode(text);
  if (typed !== undefined) return { outcome: "ticket", code: typed, seatId: null };
  const [start, keyId, payload, signature, ...rest] = text.split(".");
  if (start !== "MQ1" || !payload || !signature || rest.length > 0) return { outcome: "not_ours" };
  const key = keys.get(keyId);
  if (key === undefined) return { outcome: "unknown_key" };
  const signed = new TextEncoder().encode(`${start}.${keyId}.${payload}`);
  const isOurs = await crypto.subtle
    .verify("Ed25519", key, fromBase64(signature), signed)
    .catch(() => false);
  if (!isOurs) return { outcome: "not_ours" };
  const [ticketId, seatId] = JSON.parse(new TextDecoder().decode(fromBase64(payload)));
  if (!ticketId.endsWith(showId.slice("sh_".length))) return { outcome: "wrong_show" };
  return { outcome: "ticket", code: codeOf(ticketId), seatId };
}

function typedCode(text) {
  const code = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  return codePattern.test(code) ? code : undefined;
}

/** The last 40 bits of a ticket's id, of which `tk_<ticket><show>` has 22 characters. */
function codeOf(ticketId) {
  const bytes = fromBase64(ticketId.slice("tk_".length, "tk_".length + 22));
  let bits = 0;
  for (const byte of bytes.slice(idBytes - 5, idBytes)) bits = bits * 256 + byte;
  let code = "";
  for (let at = 0; at < 8; at += 1) {
    code = alphabet[bits % 32] + code;
    bits = Math.floor(bits / 32);
  }
  return code;
}

function fromBase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
