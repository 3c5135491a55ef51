import { readFile } from "node:fs/promises";

/**
 * When a process started, in clock ticks since boot: with its number it names a process for ever, which the number alone does
 * not. Undefined when there is no such process, or only its remains.
 */
export async function startTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The program's name, in brackets, may itself hold blanks and brackets.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === "Z" ? undefined : fields?.[19];
}
