import { createPorts } from "../local/ports.ts";

const port = createPorts("any");

/** A port of 127.0.0.1 that nobody listens on, and that no other test is given while this process lives. */
export function freePort(): Promise<number> {
  return port(0);
}
