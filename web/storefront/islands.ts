import type { ComponentType } from "preact";

/**
 * What runs in the browser: by its name, the file whose `Island` is put there. Each is a file of its own, which pages without it do
 * not load.
 */
export const islands: Record<string, () => Promise<{ Island: ComponentType<never> }>> = {
  account: () => import("./islands/account/account.tsx"),
  bookings: () => import("./islands/bookings/bookings.tsx"),
  countdown: () => import("./islands/countdown/countdown.tsx"),
  "search-box": () => import("./islands/search-box/search-box.tsx"),
  wallet: () => import("./islands/wallet/wallet.tsx"),
};
