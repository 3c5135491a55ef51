import type { z } from "zod";

const words: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/**
 * What is wrong, in the words of somebody who fills in a form or writes a file: zod's own are those of a programmer. A schema that
 * has words for its rule keeps them. undefined: zod's own.
 */
export const describeIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "This is missing";
      return `Write ${words[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `Write one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return Array.isArray(issue.options)
        ? `Write one of ${issue.options.map(String).join(", ")}`
        : undefined;
    case "too_small":
      if (issue.minimum === 1 && issue.origin !== "number") return "This is empty";
      return `${issue.inclusive === false ? "More than" : "At least"} ${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `${issue.inclusive === false ? "Less than" : "At most"} ${issue.maximum}${unitOf(issue.origin)}`;
    case "unrecognized_keys":
      return `Nobody knows ${issue.keys.join(", ")} here`;
    case "invalid_key":
      // What is wrong with the name of an entry stands one level below.
      return issue.issues[0]?.message;
    case "invalid_format":
    case "invalid_element":
    case "not_multiple_of":
    case "custom":
      return undefined;
  }
};

function unitOf(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " entries" : "";
}
