/** The row of a function call. */
export function onlyRow<Row>(rows: Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error("A function call returns one row");
  return row;
}
