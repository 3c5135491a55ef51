import type { ComponentType } from "preact";

/**
 * What runs in the browser: by its name, the file whose `Island` is put there. Each is a file of its own, which pages without it do
 * not load.
 */
export const islands: Record<string, () => Promise<{ Island: ComponentType<never> }>> = {
  bookings: () => import("./islands/bookings/bookings.tsx"),
  booking: () => import("./islands/booking/booking.tsx"),
  "seat-picker": () => import("./islands/seat-picker/seat-picker.tsx"),
  countdown: () => import("./islands/countdown/countdown.tsx"),
  account: () => import("./islands/account/account.tsx"),
  "search-box": () => import("./islands/search-box/search-box.tsx"),
  "waiting-list": () => import("./islands/waiting-list/waiting-list.tsx"),
  wallet: () => import("./islands/wallet/wallet.tsx"),
};
