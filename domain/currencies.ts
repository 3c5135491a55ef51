/**
 * How many decimals a currency has by ISO 4217: GBP 2, JPY 0, KWD 3. Amounts in the house are whole numbers of the unit that
 * this makes. `Intl` does not know: it follows what people write (HUF 0), not what the standard says (HUF 2).
 */
export function currencyExponent(currency: string): number {
  return exponents.get(currency) ?? 2;
}

const exponents = new Map<string, number>([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    .split(" ")
    .map((currency) => [currency, 0] as const),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((currency) => [currency, 3] as const),
  ..."CLF UYW".split(" ").map((currency) => [currency, 4] as const),
]);
