import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { findJsonLines, formatPath } from "./json-lines.ts";

test("each path has the line on which its value begins, and a missing one the line of what is around it", () => {
  const text = `{
  "a": [
    1,
    { "b \\" : [,{": "x, ]",
      "c": null }
  ],
  "d": {}
}`;
  const paths = [["a"], ["a", 0], ["a", 1], ["a", 1, 'b " : [,{'], ["a", 1, "c"], ["d"]];
  expect(findJsonLines(text, paths)).toEqual([2, 3, 4, 4, 5, 7]);
  expect(findJsonLines(text, [[], ["nothing"], ["d", "e", 3], ["a", 7]])).toEqual([1, 1, 7, 2]);
});

test("in any JSON with a value a line, each value is on its line", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (values) => {
      const text = `[\n${values.map((value) => JSON.stringify(value)).join(",\n")}\n]`;
      const lines = findJsonLines(
        text,
        values.map((_, index) => [index]),
      );
      expect(lines).toEqual(values.map((_, index) => index + 2));
    }),
  );
});

test("a path reads as in code", () => {
  expect(formatPath(["series", 3, "prices", "STD"])).toBe("series[3].prices.STD");
});
