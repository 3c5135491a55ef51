import type { ComponentChild } from "preact";

import type { PageData, PageName } from "./page-data.ts";
import type { Speech } from "./speech/create-speech.ts";

/** A page of the shop: what it says of itself, and what is on it. */
export type Page<Name extends PageName> = {
  head(data: PageData[Name], speech: Speech): PageHead;
  Body(data: PageData[Name]): ComponentChild;
};

export type PageHead = {
  title: string;
  description: string;
  /** Path and query of the page as search engines shall know it. undefined: they shall not. */
  canonical?: string | undefined;
  /** Of a picture of it, as an address of the shop. */
  image?: string | undefined;
  /** What it is about, for machines: an object of schema.org. `address` is that of the page. */
  structured?: ((address: string) => object) | undefined;
  /** The words that it was found by, which the search box keeps. */
  searched?: string | undefined;
};
