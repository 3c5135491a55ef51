import { createHash } from "node:crypto";

import { layersOf } from "./poster-shapes.ts";
import { writePng } from "./write-png.ts";

const width = 200;
const height = 300;

type Colour = readonly [red: number, green: number, blue: number];

/** A poster as a PNG of 200 by 300: two colours that the name decides, and what its genre looks like. The same name, the same bytes. */
export function drawPoster({ name, genre }: { name: string; genre: string }): Buffer {
  const [hue = 0, step = 0, turn = 0, size = 0] = fractionsOf(name);
  const ground = colourOf(hue * 360, 0.5, 0.24);
  const second = colourOf(hue * 360 + 40 + step * 160, 0.72, 0.64);
  const layers = layersOf(genre, turn, size);
  const pixels = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    // Darker at the foot.
    const behind = mix(ground, [0, 0, 0], (row / height) * 0.45);
    const dark = mix(behind, [0, 0, 0], 0.8);
    for (let column = 0; column < width; column += 1) {
      const [x, y] = [(2 * column) / width - 1, (3 * row) / height - 1.5];
      let colour = behind;
      for (const { shape, tint } of layers) {
        const covered = coverage(shape(x, y)) * Math.abs(tint);
        if (covered > 0) colour = mix(colour, tint > 0 ? second : dark, covered);
      }
      pixels.set(colour, (row * width + column) * 3);
    }
  }
  return writePng({ width, height, pixels });
}

/** How much of a pixel is inside: edges are a pixel and a half wide, so that they look smooth. */
function coverage(distance: number): number {
  const edge = 3 / width;
  return Math.min(1, Math.max(0, 0.5 - distance / edge));
}

function mix(one: Colour, other: Colour, share: number): Colour {
  const at = (from: number, to: number) => from + (to - from) * share;
  return [at(one[0], other[0]), at(one[1], other[1]), at(one[2], other[2])];
}

/** From hue (degrees), saturation and lightness. */
function colourOf(hue: number, saturation: number, lightness: number): Colour {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const at = (offset + hue / 30) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Numbers from 0 up to 1 that the name decides. */
function fractionsOf(name: string): number[] {
  const digest = createHash("sha256").update(name).digest();
  return [0, 4, 8, 12].map((at) => digest.readUInt32BE(at) / 2 ** 32);
}
