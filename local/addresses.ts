import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { paths } from "./paths.ts";

/** Where people and our own commands find the Marquee that `npm start` runs: kept in .marquee/addresses.json while it runs. */
export type Addresses = {
  api: string;
  identity: string;
  stripe: string;
  paypal: string;
  inbox: string;
  temporal: string;
  temporalUi: string;
  /** With its password, which is that of a database of this machine. */
  database: string;
  redis: string;
};

const file = join(paths.state, "addresses.json");

export async function writeAddresses(addresses: Addresses): Promise<void> {
  await writeFile(file, `${JSON.stringify(addresses, null, 2)}\n`, { mode: 0o600 });
}

/** Undefined when nothing runs here. */
export async function readAddresses(): Promise<Addresses | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Addresses);
}

export async function forgetAddresses(): Promise<void> {
  await rm(file, { force: true });
}
