/**
 * What people type where a code cannot be scanned: the last 40 bits of a ticket's id in eight characters, such as 7K3M9QPA, without
 * letters that look like digits. A show of 20,000 tickets has two of one code once in five thousand shows; nobody is let in on either.
 */
export function ticketCode(ticketId: string): string {
  const bits = Number.parseInt(ticketId.slice(-tailDigits), 16);
  return Array.from({ length: codeLength }, (_, index) =>
    alphabet.charAt(Math.floor(bits / 32 ** (codeLength - 1 - index)) % 32),
  ).join("");
}

/** The last ten digits of the ticket's id, in hex; undefined: this is no code. Spaces, hyphens and lower case are forgiven. */
export function readTicketCode(text: string): string | undefined {
  const code = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  const values = Array.from(code, (character) => alphabet.indexOf(character));
  if (values.length !== codeLength || values.includes(-1)) return undefined;
  const bits = values.reduce((sum, value) => sum * 32 + value, 0);
  return bits.toString(16).padStart(tailDigits, "0");
}

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const codeLength = 8;
const tailDigits = 10;
