import { crc32, deflateSync } from "node:zlib";

/** A picture as a PNG: 3 bytes a pixel (red, green, blue), row by row. */
export function writePng({
  width,
  height,
  pixels,
}: {
  width: number;
  height: number;
  pixels: Uint8Array;
}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a colour, true colour, and the only compression and filters that there are.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(differences(pixels, width * 3, height), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Each row as what differs from the one above it: what is drawn in even colours is mostly noughts. */
function differences(pixels: Uint8Array, stride: number, height: number): Buffer {
  const filterUp = 2;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row += 1) {
    const at = row * (stride + 1);
    rows[at] = filterUp;
    for (let column = 0; column < stride; column += 1) {
      const here = pixels[row * stride + column] ?? 0;
      const above = row === 0 ? 0 : (pixels[(row - 1) * stride + column] ?? 0);
      rows[at + 1 + column] = here - above;
    }
  }
  return rows;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
