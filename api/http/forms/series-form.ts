import type { Item } from "../../../adapters/postgres/catalogue-items.ts";
import { currencyExponent } from "../../../domain/currencies.ts";
import type { Field, ItemForm } from "./item-form.ts";
import {
  linesField,
  linesOf,
  numberField,
  partsOf,
  readNumber,
  textField,
  textOf,
} from "./item-form.ts";

type Range = { from?: string; to?: string; weekdays?: string[] };
type Price = { name?: string; amountMinor?: number; feeMinor?: number; taxBasisPoints?: number };
type Opens = { on?: string; daysBefore?: number; at?: string };

export const seriesForm: ItemForm = {
  ...{ list: "series", one: "series of shows" },
  moreLabel: "Channels, blocked seats, promo codes and the rest, as in a catalogue file",
  fields: [
    textField("title", "Title", { kind: "choice", choices: "titles" }),
    textField("hall", "Hall", { kind: "choice", choices: "halls" }),
    textField("format", "Format, such as 3D; may be empty"),
    linesField(
      "dates",
      "Dates, one a line: 2027-02-28, or 2027-02-01 to 2027-02-14, or that with weekdays: fri sat",
      { show: showDates, read: readDates },
    ),
    {
      ...{ name: "times", label: "Times on the venue's clock, such as 17:30 20:15", kind: "text" },
      show: (item) => (Array.isArray(item["times"]) ? item["times"].map(textOf).join(" ") : ""),
      read: (text) => text.split(/[\s,]+/).filter((time) => time !== ""),
    },
    textField("currency", "Currency, such as GBP"),
    pricesField(),
    salesField(),
    numberField("seatsPerBuyerMax", "Seats a person may have of a show; empty: 10"),
    numberField(
      "refundableUntilHoursBefore",
      "Tickets may be given back until so many hours before; empty: never",
    ),
  ],
  start: {
    ...{ currency: "GBP", times: ["19:30"], prices: {} },
    sales: { opens: { daysBefore: 60, at: "10:00" }, closesMinutesBefore: 30 },
  },
};

function showDates(entry: unknown): string {
  if (typeof entry === "string") return entry;
  const { from = "", to = "", weekdays = [] } = entry as Range;
  return [`${from} to ${to}`, ...weekdays].join(" ");
}

function readDates(line: string): unknown {
  const range = /^(\S+) to (\S+)\s*(.*)$/.exec(line);
  if (range === null) return line;
  const [, from, to, days = ""] = range;
  const weekdays = days.split(/[\s,]+/).filter((day) => day !== "");
  return { from, to, ...(weekdays.length > 0 && { weekdays }) };
}

/** In the currency's own decimals: 11.50 GBP is 1150, 1150 JPY is 1150. */
function pricesField(): Field {
  return {
    ...{ name: "prices", kind: "area" },
    label: "Prices, one a line: code of the layout | name | price | fee | tax in per cent",
    show: (item) => {
      const exponent = currencyExponent(textOf(item["currency"]));
      const shown = (minor: number) => (minor / 10 ** exponent).toFixed(exponent);
      return Object.entries((item["prices"] ?? {}) as Record<string, Price>)
        .map(([code, { name = "", amountMinor = 0, feeMinor, taxBasisPoints }]) => {
          const fee = feeMinor ?? (taxBasisPoints === undefined ? undefined : 0);
          return [
            ...[code, name, shown(amountMinor)],
            ...(fee === undefined ? [] : [shown(fee)]),
            ...(taxBasisPoints === undefined ? [] : [taxBasisPoints / 100]),
          ].join(" | ");
        })
        .join("\n");
    },
    read: (text, values) => {
      const scale = 10 ** currencyExponent((values["currency"] ?? "").trim());
      return Object.fromEntries(
        linesOf(text).map((line) => {
          const [code = "", name, amount = "", fee = "", tax = ""] = partsOf(line);
          const price = {
            ...{ name, amountMinor: scaled(amount, scale), feeMinor: scaled(fee, scale) },
            taxBasisPoints: scaled(tax.replace("%", ""), 100),
          };
          return [code, price];
        }),
      );
    },
  };
}

/** What is no whole number of the smallest unit stays a fraction, and is told. */
function scaled(text: string, scale: number): unknown {
  const number = readNumber(text);
  return typeof number === "number" ? Number((number * scale).toFixed(6)) : number;
}

function salesField(): Field {
  const closes = / close (\d+) minutes before$/;
  return {
    ...{ name: "sales", kind: "text" },
    label:
      "Sales: 60 days before at 10:00, close 30 minutes before; or 2026-12-01 at 09:00, close 0 minutes before",
    show: (item: Item) => {
      const { opens = {}, closesMinutesBefore = 0 } = (item["sales"] ?? {}) as {
        opens?: Opens;
        closesMinutesBefore?: number;
      };
      const day = opens.on ?? `${opens.daysBefore ?? 0} days before`;
      return `${day} at ${opens.at ?? ""}, close ${closesMinutesBefore} minutes before`;
    },
    read: (text) => {
      const [opening = "", ending = ""] = text.trim().split(/,(?= close )/);
      const [, days, at] = /^(\d+) days? before at (\S+)$/.exec(opening) ?? [];
      const [, on = opening, time = ""] = /^(\S+) at (\S+)$/.exec(opening) ?? [];
      return {
        opens: days === undefined ? { on, at: time } : { daysBefore: Number(days), at },
        closesMinutesBefore: Number(closes.exec(ending)?.[1] ?? Number.NaN),
      };
    },
  };
}
