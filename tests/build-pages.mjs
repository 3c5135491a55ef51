import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Before all tests: the shop's pages as their sources are now. In a process of its own, because Vite does not run inside of jest. */
export default function buildPages() {
  const program = join(import.meta.dirname, "../local/build-storefront.ts");
  execFileSync(process.execPath, [program], { stdio: ["ignore", "ignore", "inherit"] });
}
