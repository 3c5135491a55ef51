/** A part of a mail: its type in lower case, such as "text/plain", and its text. */
export type MimePart = { type: string; text: string };

/** The parts of a mail of several (RFC 2046), in their order, without what is inside them; none: it has no parts. Lines end with "\n". */
export function readParts(mail: string): MimePart[] {
  const { fields, body } = split(mail.replaceAll("\r\n", "\n"));
  const contentType = fields.get("content-type") ?? "";
  const [, quoted, bare] =
    /;\s*boundary\s*=\s*(?:"([^"]{1,100})"|([^\s;"]{1,100}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (!/^multipart\//i.test(contentType) || boundary === undefined) return [];
  // What stands before the first line of the boundary is for programs that know no parts.
  const [, ...parts] = `\n${body}`.split(`\n--${boundary}`, partsMax + 1);
  return parts.filter((part) => !part.startsWith("--")).map((part) => readPart(part));
}

/** More than a report has. */
const partsMax = 10;

function readPart(part: string): MimePart {
  // The rest of the boundary's own line.
  const { fields, body } = split(part.slice(part.indexOf("\n") + 1));
  const type = /^[^\s;]+/.exec(fields.get("content-type") ?? "text/plain")?.[0] ?? "";
  const encoding = (fields.get("content-transfer-encoding") ?? "").trim().toLowerCase();
  return { type: type.toLowerCase(), text: decode(body, encoding).replaceAll("\r\n", "\n") };
}

function decode(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("latin1");
  if (encoding !== "quoted-printable") return body;
  return (
    body
      // A run of blanks is looked at once: from each of them anew, 60 kB of blanks took three seconds.
      .replaceAll(/(?<![ \t])[ \t]*=\n/g, "")
      .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
  );
}

function split(text: string): { fields: Map<string, string>; body: string } {
  const end = text.startsWith("\n") ? 0 : text.indexOf("\n\n");
  if (end === -1) return { fields: readFields(text), body: "" };
  return { fields: readFields(text.slice(0, end)), body: text.slice(end).replace(/^\n{1,2}/, "") };
}

/** The fields until the first empty line, by their names in lower case, lines that go on joined; the first of a name counts. */
export function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  const [head = ""] = text.replace(/^\n+/, "").split("\n\n", 1);
  for (const line of head.replaceAll(/\n[ \t]+/g, " ").split("\n")) {
    const [, name, value] = /^([!-9;-~]{1,76})[ \t]*:(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const key = name.toLowerCase();
    if (!fields.has(key)) fields.set(key, value.trim());
  }
  return fields;
}
