import { open } from "node:fs/promises";

import { create as createQrCode } from "qrcode";

/** What a camera sees, for so many tenths of a second: a QR code of this text, or nothing. */
export type Shot = { text: string | null; tenths: number };

const width = 640;
const height = 480;
const framesPerSecond = 10;
/** A white wall in a hall. */
const wall = 200;

/**
 * Writes a film as Chromium's fake camera plays it (`--use-file-for-fake-video-capture`), again and again. The codes are as large as
 * somebody holds a phone in front of a scanner, a little turned off the middle.
 */
export async function writeFilm(path: string, shots: Shot[]): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.write(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`);
    for (const { text, tenths } of shots) {
      const frame = Buffer.concat([Buffer.from("FRAME\n"), drawFrame(text)]);
      for (let nth = 0; nth < tenths; nth += 1) await file.write(frame);
    }
  } finally {
    await file.close();
  }
}

/** Light, and then no colour. */
function drawFrame(text: string | null): Buffer {
  const light = Buffer.alloc(width * height, wall);
  if (text !== null) drawCode(light, text);
  return Buffer.concat([light, Buffer.alloc((width * height) / 2, 128)]);
}

function drawCode(light: Buffer, text: string): void {
  const { modules } = createQrCode(text, { errorCorrectionLevel: "M" });
  const dot = Math.floor(380 / (modules.size + 8));
  const side = dot * (modules.size + 8);
  const [left, top] = [Math.floor((width - side) / 2) + 20, Math.floor((height - side) / 2)];
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const [row, column] = [Math.floor(y / dot) - 4, Math.floor(x / dot) - 4];
      const isInside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      const isDark = isInside && modules.get(row, column) === 1;
      light[(top + y) * width + left + x] = isDark ? 30 : 245;
    }
  }
}
