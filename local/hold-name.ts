import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Makes this process the only one on this machine that holds the name. Answers with what lets it go, or with undefined when
 * somebody else holds it. The kernel takes the name back when its process ends, however it ends: unlike a lock file, it is
 * never stale.
 */
export async function holdName(name: string): Promise<(() => void) | undefined> {
  // The zero byte makes it a name of Linux's own, without a file; of at most 107 bytes, so longer ones are hashed.
  const short = createHash("sha256").update(name).digest("hex");
  const holder = createServer().listen(`\0marquee-${short}`);
  try {
    await once(holder, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return undefined;
  }
  holder.unref();
  return () => holder.close();
}
