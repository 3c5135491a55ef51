import { expect, test } from "@jest/globals";

import { chooseLanguage } from "./choose-language.ts";

test.each([
  ["nothing is said: the first", "/", {}, "en"],
  ["the browser's most liked", "/", { "accept-language": "de-AT,de;q=0.9,en;q=0.8" }, "de"],
  ["order is not liking", "/", { "accept-language": "en;q=0.3, de;q=0.7" }, "de"],
  ["the most liked that we have", "/", { "accept-language": "fr, nl;q=0.9, de;q=0.1" }, "de"],
  ["what is not wanted at all is not given", "/", { "accept-language": "de;q=0, fr" }, "en"],
  ["no language of this world", "/", { "accept-language": ";;q=,*," }, "en"],
  [
    "a choice of before over the browser",
    "/",
    { cookie: "a=1; lang=de", "accept-language": "en" },
    "de",
  ],
  ["a cookie of another name is no choice", "/", { cookie: "xlang=de" }, "en"],
  ["the address over everything", "/search?q=x&lang=en", { cookie: "lang=de" }, "en"],
  ["an address with what we do not have", "/?lang=xx", { cookie: "lang=de" }, "de"],
])("%s", (_, path, headers: Record<string, string>, language) => {
  const request = new Request(`https://shop.test${path}`, { headers });
  expect(chooseLanguage(request, ["en", "de"])).toBe(language);
});
