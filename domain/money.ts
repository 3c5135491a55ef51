/** A sum in whole minor units of its currency (cents, paise, yen). `currency` is an ISO 4217 code in capitals. */
export type Money = { amountMinor: number; currency: string };
