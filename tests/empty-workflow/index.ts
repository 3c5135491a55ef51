/** A workflow that does nothing: what starting any workflow costs on this machine. */
export async function empty(): Promise<string> {
  return "done";
}
