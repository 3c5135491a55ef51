import { expect, test } from "@jest/globals";

import { csvLine } from "./csv-line.ts";

test("texts and numbers come through as they are, with quotes where they are needed", () => {
  expect(csvLine(["A1", 1_100, null, 'Ann "A." Lee, MD', "two\nlines"])).toBe(
    'A1,1100,,"Ann ""A."" Lee, MD","two\nlines"\r\n',
  );
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =HYPERLINK(1)", "|cmd"])(
  "%j is no formula to a table",
  (text) => {
    expect(csvLine([text])).toBe(`"'${text}"\r\n`);
  },
);
