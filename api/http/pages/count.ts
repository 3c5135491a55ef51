/** "1,204" */
export function count(number: number): string {
  return format.format(number);
}

const format = new Intl.NumberFormat("en-GB");
