import { create } from "qrcode";

/**
 * The code of a ticket as filled squares, sharp at any size and on any printer, with the four empty modules around it that scanners
 * need inside `size`. Squares of a row that touch are drawn as one: a hairline between them would be read as white.
 */
export function drawCode(
  document: PDFKit.PDFDocument,
  text: string,
  { x, y, size }: { x: number; y: number; size: number },
): void {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const module = size / (modules.size + 2 * quietModules);
  const left = x + quietModules * module;
  const top = y + quietModules * module;
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      const from = column;
      while (column < modules.size && modules.get(row, column) === 1) column += 1;
      if (column === from) continue;
      document.rect(left + from * module, top + row * module, (column - from) * module, module);
    }
  }
  document.fill("#000000");
}

const quietModules = 4;
