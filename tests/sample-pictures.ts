/** Pictures of every kind that are as large as is wanted. They have a head and an end; nobody decodes them. */
export const samplePictures = { png, jpeg, webp, losslessWebp, extendedWebp };

type Size = { width: number; height: number };

function png({ width, height }: Size): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", head),
    chunk("IDAT", Buffer.alloc(40)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function jpeg({ width, height }: Size): Buffer {
  const frame = Buffer.from("ffc200110800000000031100021101031101", "hex");
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const comment = Buffer.from("fffe0006aabbccdd", "hex");
  return Buffer.concat([Buffer.from("ffd8", "hex"), comment, frame, Buffer.from("ffd9", "hex")]);
}

function webp({ width, height }: Size): Buffer {
  const frame = Buffer.from("0000009d012a00000000", "hex");
  frame.writeUInt16LE(width, 6);
  frame.writeUInt16LE(height, 8);
  return riff("VP8 ", frame);
}

function losslessWebp({ width, height }: Size): Buffer {
  const frame = Buffer.from("2f0000000000000000000000", "hex");
  frame.writeUInt32LE((width - 1) | ((height - 1) << 14), 1);
  return riff("VP8L", frame);
}

function extendedWebp({ width, height }: Size): Buffer {
  const frame = Buffer.alloc(10);
  frame.writeUIntLE(width - 1, 4, 3);
  frame.writeUIntLE(height - 1, 7, 3);
  return riff("VP8X", frame);
}

function riff(type: string, data: Buffer): Buffer {
  const lengths = [data.length + 12, data.length].map((length) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(length);
    return bytes;
  });
  const [whole = Buffer.alloc(0), own = Buffer.alloc(0)] = lengths;
  return Buffer.concat([Buffer.from("RIFF"), whole, Buffer.from(`WEBP${type}`), own, data]);
}
