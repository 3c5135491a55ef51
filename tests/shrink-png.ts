import { crc32, deflateSync, inflateSync } from "node:zlib";

const colorsMax = 256;
/** Colours nearer than this to each other are one: a hundredth of the way from black to white. */
const nearMax = 8;

/** A browser's picture (8 bits a colour, not interlaced) in 256 colours: a quarter of its bytes, and the same to an eye. */
export function shrinkPng(png: Buffer): Buffer {
  const { width, height, channels, pixels } = readPng(png);
  const palette = choosePalette(pixels, channels);
  const nearest = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < width * height; at += 1) {
    const color = pixels.readUIntBE(at * channels, 3);
    const found = nearest.get(color) ?? nearestOf(palette, color);
    nearest.set(color, found);
    // Each row has a byte before it that says how it is filtered: not at all.
    rows[at + Math.floor(at / width) + 1] = found;
  }
  const header = Buffer.from(png.subarray(16, 29));
  header.set([8, 3], 8);
  return Buffer.concat([
    png.subarray(0, 8),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap((color) => [color >> 16, color >> 8, color]))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The most frequent colours (0xRRGGBB) of those that an eye can tell apart. */
function choosePalette(pixels: Buffer, channels: number): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += channels) {
    const color = pixels.readUIntBE(at, 3);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const palette: number[] = [];
  for (const [color] of [...counts].toSorted(([, one], [, other]) => other - one)) {
    if (palette.every((known) => distance(known, color) > nearMax)) palette.push(color);
    if (palette.length === colorsMax) break;
  }
  return palette;
}

function distance(one: number, other: number): number {
  const red = Math.abs((one >> 16) - (other >> 16));
  const green = Math.abs(((one >> 8) & 255) - ((other >> 8) & 255));
  return red + green + Math.abs((one & 255) - (other & 255));
}

function nearestOf(palette: number[], color: number): number {
  let best = 0;
  for (const [index, known] of palette.entries()) {
    if (distance(known, color) < distance(palette[best] ?? 0, color)) best = index;
  }
  return best;
}

function readPng(png: Buffer) {
  const [width, height, channels] = [
    png.readUInt32BE(16),
    png.readUInt32BE(20),
    png[25] === 6 ? 4 : 3,
  ];
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const isData = png.toString("latin1", at + 4, at + 8) === "IDAT";
    if (isData) parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const filtered = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = filtered[row * (stride + 1)] ?? 0;
    for (let column = 0; column < stride; column += 1) {
      const left = column < channels ? 0 : (pixels[row * stride + column - channels] ?? 0);
      const above = row === 0 ? 0 : (pixels[(row - 1) * stride + column] ?? 0);
      const corner =
        row === 0 || column < channels ? 0 : (pixels[(row - 1) * stride + column - channels] ?? 0);
      const guess = guessFrom(filter, { left, above, corner });
      pixels[row * stride + column] = (filtered[row * (stride + 1) + 1 + column] ?? 0) + guess;
    }
  }
  return { width, height, channels, pixels };
}

/** What a row's filter makes of the bytes before one. */
function guessFrom(
  filter: number,
  { left, above, corner }: { left: number; above: number; corner: number },
): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    default: {
      // Paeth's: the one that is nearest to where a straight line through them leads.
      const line = left + above - corner;
      const [toLeft, toAbove] = [Math.abs(line - left), Math.abs(line - above)];
      const toCorner = Math.abs(line - corner);
      if (toLeft <= toAbove && toLeft <= toCorner) return left;
      return toAbove <= toCorner ? above : corner;
    }
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const framed = Buffer.alloc(data.length + 12);
  framed.writeUInt32BE(data.length, 0);
  framed.write(type, 4, "latin1");
  data.copy(framed, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, data.length + 8)), data.length + 8);
  return framed;
}
