export type CsvCell = string | number | null;

/**
 * A line of a CSV file (RFC 4180). A text that begins as a formula would is marked as text by an apostrophe, since tables open such
 * files and run what they find; numbers are ours.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = formulaStart.test(cell) ? `'${cell}` : cell;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const formulaStart = /^[\s]*[=+\-@|\t\r\n]|^[\t\r\n]/;
const needsQuotes = /[",\r\n']|^\s|\s$/;
