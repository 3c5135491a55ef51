import { inflateSync } from "node:zlib";

export type PdfPage = { text: string; rectangles: Rectangle[] };
type Rectangle = { x: number; y: number; width: number; height: number };

/**
 * What the pages of a PDF show, as far as tickets use the format: text by way of each font's ToUnicode table, as somebody gets who
 * copies it, and filled rectangles. Enough of a reader for what PDFKit writes, and for nothing else.
 */
export function readPdf(pdf: Buffer): PdfPage[] {
  const objects = new Map<string, { head: string; stream: string }>();
  const source = pdf.toString("latin1");
  for (const [, id = "", body = ""] of source.matchAll(/(\d+) 0 obj\n(.*?)\nendobj/gs)) {
    const [head = "", packed] = body.split(/stream\n(.*)\nendstream/s);
    const isPacked = packed !== undefined && head.includes("FlateDecode");
    const bytes = isPacked ? inflateSync(Buffer.from(packed, "latin1")) : Buffer.alloc(0);
    objects.set(id, { head, stream: bytes.toString("latin1") });
  }
  const object = (id: string | undefined) => objects.get(id ?? "") ?? { head: "", stream: "" };
  const refer = (head: string, key: string) => new RegExp(`/${key} (\\d+) 0 R`).exec(head)?.[1];

  const [root] = [...objects.values()].filter(({ head }) => head.includes("/Type /Pages"));
  const kids = root?.head.match(/\d+(?= 0 R)/g) ?? [];
  return kids.map((id) => {
    const { head } = object(id);
    const { head: resources } = object(refer(head, "Resources"));
    const fonts = new Map(
      [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = "", font]) => {
        const table = object(refer(object(font).head, "ToUnicode")).stream;
        return [name, readUnicodeTable(table)];
      }),
    );
    return readPage(object(refer(head, "Contents")).stream, fonts);
  });
}

function readUnicodeTable(table: string): string[] {
  const [, list = ""] = /beginbfrange(.*?)endbfrange/s.exec(table) ?? [];
  return [...list.matchAll(/\[(.*?)\]/gs)].flatMap(([, codes = ""]) =>
    [...codes.matchAll(/<([\da-f ]*)>/g)].map(([, units = ""]) =>
      String.fromCharCode(...(units.match(/[\da-f]{4}/g) ?? []).map((unit) => parseInt(unit, 16))),
    ),
  );
}

function readPage(content: string, fonts: Map<string, string[]>): PdfPage {
  const rectangles: Rectangle[] = [];
  let text = "";
  let table: string[] = [];
  for (const line of content.split("\n")) {
    const [, font] = /^\/(F\d+) [\d.]+ Tf$/.exec(line) ?? [];
    if (font !== undefined) table = fonts.get(font) ?? [];
    if (line.endsWith("TJ")) {
      const glyphs = [...line.matchAll(/<([\da-f]+)>/g)].flatMap(
        ([, run = ""]) => run.match(/.{4}/g) ?? [],
      );
      text += glyphs.map((glyph) => table[parseInt(glyph, 16)] ?? "").join("");
    }
    // A line of text ends where its graphics state does.
    if (line === "ET") text += "\n";
    if (line.endsWith(" re")) {
      const [x = 0, y = 0, width = 0, height = 0] = line.split(" ").map(Number);
      rectangles.push({ x, y, width, height });
    }
  }
  return { text, rectangles };
}
