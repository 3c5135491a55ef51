import { z } from "zod";

import { rangeDaysMax } from "../../domain/expand-series.ts";
import { layoutSeatsMax, rowSeatsMax } from "../../domain/layout-plan.ts";
import { isDate, isTimeZone, weekdays } from "../../domain/local-time.ts";
import { seatsApartMax } from "../../domain/seats-apart.ts";
import { channelCodePattern } from "./hash-channel-code.ts";

/**
 * The form of a catalogue file, as docs/catalogue-format.md describes it. Unknown fields are refused: most of them are misspelt ones.
 */
export type CatalogueFile = {
  [List in ListName]: Draft<z.infer<(typeof itemSchemas)[List]>>[];
} & {
  /** The bytes of pictures, as base64. */
  posters: string[];
};

export type ListName = keyof typeof itemSchemas;
export type FileItem<List extends ListName> = z.infer<(typeof itemSchemas)[List]>;

/** An item of a list as it was read: `item` is missing where its fields are wrong, `key` where even that is. */
export type Draft<Item> = { key: string | undefined; item: Item | undefined };

export const fileBytesMax = 20 * 1024 * 1024;
export const showsMax = 20_000;

export const catalogueKeySchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "A key is at most 64 of a–z, 0–9 and -");
const key = catalogueKeySchema;
const name = z.string().trim().min(1).max(200);
const date = z.string().refine(isDate, "Write a date of the calendar as YYYY-MM-DD");
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "Write a time as HH:MM");
const priceCode = z
  .string()
  .regex(/^[A-Z0-9](?:[A-Z0-9-]{0,22}[A-Z0-9])?$/, "A price code is at most 24 of A–Z, 0–9 and -");
const length = z.number().min(-10_000).max(10_000);
const seatNumber = z.int().min(1).max(9_999);
// A hundred million of a currency: more is a slip of units.
const amountMinor = z.int().min(0).max(10_000_000_000);

const sectionId = z
  .string()
  .regex(/^[A-Z0-9](?:[A-Z0-9-]{0,10}[A-Z0-9])?$/, "An id is at most 12 of A–Z, 0–9 and -");

const placement = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("straight"),
    x: length,
    y: length,
    degrees: z.number().min(-360).max(360).default(0),
    rowPitch: z.number().min(1).max(10).default(1.2),
  }),
  z.strictObject({
    kind: z.literal("arc"),
    x: length,
    y: length,
    radius: z.number().min(1).max(10_000),
    degrees: z.number().min(-360).max(360).default(0),
    rowPitch: z.number().min(1).max(10).default(1.2),
  }),
]);

const seatRange = z
  .strictObject({ row: z.string().min(1).max(3), from: seatNumber, to: seatNumber })
  .refine(({ from, to }) => from <= to, "from is after to");

const rows = z.strictObject({
  rows: z.string().min(1).max(8),
  skip: z.array(z.string().min(1).max(3)).max(50).default([]),
  seats: z.int().min(1).max(rowSeatsMax),
  growBy: z.int().min(-50).max(50).default(0),
  firstNumber: seatNumber.default(1),
  aislesAfter: z.array(seatNumber).max(20).default([]),
  gapBefore: z.number().min(0).max(100).default(0),
  priceCode,
});

const section = z
  .strictObject({
    id: sectionId,
    name,
    seatPrefix: z
      .string()
      .regex(
        /^(?:[A-Z0-9](?:[A-Z0-9-]{0,10}[A-Z0-9])?)?$/,
        "A prefix is at most 12 of A–Z, 0–9 and -",
      )
      .optional(),
    placement,
    rows: z.array(rows).min(1).max(200),
    accessible: z.array(seatRange).max(500).default([]),
    companion: z.array(seatRange).max(500).default([]),
  })
  .transform((read) => ({ ...read, seatPrefix: read.seatPrefix ?? read.id }));

const point = z.strictObject({ x: length, y: length });

const area = z.strictObject({
  id: sectionId,
  name,
  capacity: z.int().min(1).max(layoutSeatsMax),
  priceCode,
  outline: z.array(point).min(3).max(100),
});

const layout = z
  .strictObject({
    key,
    name,
    stage: z.strictObject({
      label: z.string().min(1).max(40),
      x: length,
      y: length,
      width: z.number().positive().max(10_000),
      height: z.number().positive().max(10_000),
    }),
    sections: z.array(section).max(500).default([]),
    areas: z.array(area).max(100).default([]),
  })
  .refine(
    ({ sections, areas }) => sections.length + areas.length > 0,
    "Give it a section or an area",
  );

const venue = z.strictObject({
  key,
  organiser: key,
  name,
  city: name,
  country: z.string().regex(/^[A-Z]{2}$/, "Two capital letters: ISO 3166"),
  timeZone: z.string().refine(isTimeZone, "Not a time zone such as Europe/London"),
  address: z.string().trim().min(1).max(400),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  halls: z
    .array(z.strictObject({ key, name, layout: key }))
    .min(1)
    .max(100),
});

export const posterHashPattern = /^[0-9a-f]{32}$/;

const title = z.strictObject({
  key,
  organiser: key,
  name,
  kind: z.enum(["film", "concert", "theatre", "comedy", "sport"]),
  genre: z.string().trim().min(1).max(60),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, "A language tag such as en or pt-BR"),
  people: z.array(name).max(50).default([]),
  synopsis: z.string().max(4_000).default(""),
  durationMinutes: z.int().min(1).max(1_440),
  ageRating: z.string().max(20).default(""),
  /** The hash of a poster that the file brings, or that is there. */
  poster: z
    .string()
    .regex(posterHashPattern, "A poster is named by its hash, 32 of 0–9 and a–f")
    .optional(),
});

const currencies = new Set(Intl.supportedValuesOf("currency"));

const dateRange = z
  .strictObject({ from: date, to: date, weekdays: z.array(z.enum(weekdays)).min(1).optional() })
  .refine(({ from, to }) => from <= to, "from is after to");

const moment = z.union(
  [
    z.strictObject({ daysBefore: z.int().min(0).max(rangeDaysMax), at: time }),
    z.strictObject({ on: date, at: time }),
  ],
  'Either { "daysBefore", "at" } or { "on", "at" }',
);

const seatPick = z
  .strictObject({
    section: z.string().min(1).max(12),
    rows: z.string().min(1).max(8).optional(),
    from: seatNumber.optional(),
    to: seatNumber.optional(),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), "Give both from and to")
  .refine(({ from = 1, to = from }) => from <= to && to - from < rowSeatsMax, "from is after to");
export const seatPicks = z.array(seatPick).max(500);

const channel = z
  .strictObject({
    key,
    name,
    /** Whoever has it may buy these seats; left out: nobody may. */
    code: z
      .string()
      .trim()
      .toUpperCase()
      .regex(channelCodePattern, "A code is 8 to 40 of A–Z, 0–9 and -")
      .optional(),
    opens: moment.optional(),
    /** From then on unsold seats are everybody's. */
    closes: moment.optional(),
    seats: seatPicks.min(1),
  })
  .refine(({ code, opens }) => code !== undefined || opens === undefined, {
    path: ["opens"],
    message: "Nobody can order from a channel without a code: it does not open",
  });

const promo = {
  code: z.string().regex(/^[A-Z0-9-]{3,30}$/),
  usesMax: z.int().min(1).max(1_000_000),
};
const promoPercent = z.strictObject({ ...promo, percent: z.int().min(1).max(100) });
const promoAmount = z.strictObject({ ...promo, amountMinor: amountMinor.min(1) });

const series = z.strictObject({
  key,
  title: key,
  /** "venue/hall" */
  hall: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "Name the hall as venue/hall"),
  format: z.string().max(40).default(""),
  dates: z
    .array(z.union([date, dateRange], "A date, or { from, to, weekdays }"))
    .min(1)
    .max(rangeDaysMax),
  times: z.array(time).min(1).max(48),
  currency: z.string().refine((code) => currencies.has(code), "Not an ISO 4217 currency"),
  prices: z
    .record(
      priceCode,
      z.strictObject({
        name,
        amountMinor,
        feeMinor: amountMinor.default(0),
        /** Of the tax that the price contains, in hundredths of a per cent. */
        taxBasisPoints: z.int().min(0).max(10_000).default(0),
      }),
    )
    .refine((prices) => Object.keys(prices).length > 0, "Give a price"),
  sales: z.strictObject({
    opens: moment,
    closesMinutesBefore: z.int().min(0).max(10_080),
  }),
  seatsPerBuyerMax: z.int().min(1).max(100).default(10),
  /** How many seats of a show one card may pay for, whoever uses it. */
  seatsPerCardMax: z.int().min(1).max(100).nullable().default(null),
  /** How many seats of a show people at one address, or /64, may have. */
  seatsPerAddressMax: z.int().min(1).max(10_000).nullable().default(null),
  promoCodes: z
    .array(z.union([promoPercent, promoAmount], 'Either "percent" or "amountMinor"'))
    .max(100)
    .default([])
    .refine(
      (codes) => new Set(codes.map(({ code }) => code)).size === codes.length,
      "A code is given twice",
    ),
  /** How many seats of a row stay empty between two bookings. */
  seatsApart: z.int().min(0).max(seatsApartMax).default(0),
  blocked: seatPicks.default([]),
  channels: z
    .array(channel)
    .max(20)
    .default([])
    .refine(
      (channels) => new Set(channels.map((one) => one.key)).size === channels.length,
      "A channel is given twice",
    ),
  /** Buyers may give tickets back by themselves until so long before the start. Left out: not at all. */
  refundableUntilHoursBefore: z.int().min(0).max(8_760).optional(),
  /** Money that comes too late may buy equal seats when the own ones are gone. */
  lateSwapAllowed: z.boolean().default(false),
});

/** The lists of a file, each with the form of its items. An item is read alone, so that one slip hides no other. */
export const itemSchemas = {
  organisers: z.strictObject({ key, name }),
  layouts: layout,
  venues: venue,
  titles: title,
  series,
};

const list = z.array(z.unknown()).max(showsMax).default([]);

export const catalogueFileSchema = z.strictObject({
  format: z.literal("marquee-catalogue/1"),
  organisers: list,
  layouts: list,
  posters: z.array(z.string()).max(1_000).default([]),
  venues: list,
  titles: list,
  series: list,
});

export const keySchema = z.object({ key });
