import { z } from "@hono/zod-openapi";
import type { Context } from "hono";

import type { PromoCode } from "../../adapters/postgres/promo-codes.ts";
import { bookedSeatIdPattern } from "../../domain/layout.ts";
import { bookingIds, showIds, titleIds } from "../../domain/ids.ts";
import { seatStates } from "../../domain/show-figures.ts";
import type { ShowAsk } from "../organisers/act-on-show.ts";
import type { NamedFigures, SalesPage } from "../organisers/read-show-sales.ts";
import type { SeatDetails } from "../organisers/show-seats.ts";
import type { AppEnv } from "./app-env.ts";
import { askOf, organiserParam, organiserProblems } from "./organiser-view.ts";
import { idSchema, isoTime, timestampSchema } from "./schemas.ts";

/** What is said to organisers of their shows. */
export const showPath = "/v1/organiser/organisations/{organiserId}/shows/{showId}";
export const showParam = organiserParam.extend({ showId: idSchema("sh") });
export const showProblems = [...organiserProblems, "SHOW_NOT_FOUND"] as const;

export const anySeatId = z.string().regex(bookedSeatIdPattern).openapi({ example: "F7" });

export const channelKey = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
  .openapi({ example: "sponsors" });

export const localTimeSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
  .openapi({ example: "2027-02-14T20:00", description: "On the venue's own clock" });

export function askOfShow(context: Context<AppEnv>): ShowAsk {
  return { ...askOf(context), showId: showIds.decode(context.req.param("showId") ?? "") };
}

const count = z.int().min(0);

const seatCountsSchema = z
  .object({
    available: count.openapi({ description: "Everybody's" }),
    inChannels: count.openapi({ description: "Free, and of a channel" }),
    held: count,
    sold: count,
    given: count.openapi({ description: "Given away" }),
    blocked: count,
  })
  .openapi("SeatCounts");

const minor = z.int();

const salesSumsSchema = z
  .object({
    seats: count.openapi({ description: "Sold, those included that came back" }),
    returnedSeats: count,
    priceMinor: minor.openapi({ description: "Prices after discounts, in whole minor units" }),
    feeMinor: minor,
    grossMinor: minor.openapi({ description: "Prices and fees" }),
    returnedMinor: minor.openapi({ description: "Given back, or on its way" }),
    netMinor: minor.openapi({ description: "gross − returned" }),
    taxMinor: minor.openapi({ description: "Contained in the net" }),
  })
  .openapi("SalesSums");

export const figuresSchema = z
  .object({
    showId: idSchema("sh"),
    title: z.string(),
    startsAt: timestampSchema,
    currency: z.string(),
    asOf: timestampSchema.openapi({ description: "When it was counted: up to two seconds ago" }),
    seats: seatCountsSchema,
    sales: salesSumsSchema,
    byPrice: z.array(
      z.object({
        priceCode: z.string(),
        name: z.string(),
        seats: seatCountsSchema,
        sales: salesSumsSchema,
      }),
    ),
    bySection: z.array(
      z.object({ section: z.string(), name: z.string(), seats: seatCountsSchema }),
    ),
    byDay: z
      .array(
        z.object({
          day: z.iso.date(),
          seats: count,
          grossMinor: minor,
          returnedSeats: count,
          returnedMinor: minor,
        }),
      )
      .openapi({ description: "On the venue's calendar, oldest first" }),
  })
  .openapi("ShowFigures");

export const salesPageSchema = z
  .object({
    shows: z.array(
      z.object({
        showId: idSchema("sh"),
        titleId: idSchema("ti"),
        title: z.string(),
        venue: z.string(),
        hall: z.string(),
        startsAt: timestampSchema,
        status: z.enum(["scheduled", "cancelled"]),
        currency: z.string(),
        seats: seatCountsSchema,
        sales: salesSumsSchema,
      }),
    ),
    total: z
      .array(z.object({ currency: z.string(), seats: seatCountsSchema, sales: salesSumsSchema }))
      .openapi({ description: "Of the shows of this page, by currency" }),
    next: idSchema("sh").nullable().openapi({ description: "The next page's `after`" }),
  })
  .openapi("SalesPage");

export const seatDetailsSchema = z
  .object({
    seatId: anySeatId,
    state: z.enum(seatStates),
    channel: z.string().nullable(),
    priceCode: z.string(),
    paidMinor: minor.nullable().openapi({ description: "Fees included" }),
    soldAt: timestampSchema.nullable(),
    heldUntil: timestampSchema.nullable(),
    buyer: z
      .object({
        bookingId: idSchema("bk"),
        userId: z.string(),
        name: z.string().nullable(),
        email: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: "null: nobody, or the caller's role may not see it" }),
  })
  .openapi("OrganiserSeat");

export const promoCodeSchema = z
  .object({
    code: z.string(),
    percent: z.int().nullable(),
    amountMinor: minor.nullable(),
    usesMax: count,
    uses: count.openapi({ description: "Holds and bookings that use it now" }),
    validUntil: timestampSchema,
  })
  .openapi("PromoCode");

export function toFigures(figures: NamedFigures): z.infer<typeof figuresSchema> {
  const { show, asOfMs, seats, sales, byPrice, bySection, byDay } = figures;
  const names = new Map(show.prices.map(({ priceCode, name }) => [priceCode, name]));
  return {
    showId: showIds.encode(show.showId),
    title: show.title.name,
    startsAt: isoTime(show.startsAtMs),
    currency: show.currency,
    asOf: isoTime(asOfMs),
    ...{ seats, sales, bySection, byDay },
    byPrice: byPrice.map(({ priceCode, ...own }) => ({
      ...{ priceCode, name: names.get(priceCode) ?? priceCode, ...own },
    })),
  };
}

export function toSalesPage({ shows, total, next }: SalesPage): z.infer<typeof salesPageSchema> {
  return {
    shows: shows.map(({ show, seats, sales }) => ({
      showId: showIds.encode(show.showId),
      titleId: titleIds.encode(show.titleId),
      ...{ title: show.title, venue: show.venue, hall: show.hall },
      startsAt: isoTime(show.startsAtMs),
      ...{ status: show.status, currency: show.currency, seats, sales },
    })),
    total,
    next: next && showIds.encode(next),
  };
}

export function toSeatDetails(
  seat: SeatDetails,
  showId: string,
): z.infer<typeof seatDetailsSchema> {
  const { seatId, state, channel, priceCode, paidMinor, soldAtMs, heldUntilMs, buyer } = seat;
  return {
    ...{ seatId, state, channel, priceCode, paidMinor },
    soldAt: soldAtMs === null ? null : isoTime(soldAtMs),
    heldUntil: heldUntilMs === null ? null : isoTime(heldUntilMs),
    buyer: buyer && {
      bookingId: bookingIds.encode({ id: buyer.bookingId, showId }),
      userId: buyer.userId,
      name: buyer.person?.name ?? null,
      email: buyer.person?.email ?? null,
    },
  };
}

export function toPromoCode({
  validUntilMs,
  ...promo
}: PromoCode): z.infer<typeof promoCodeSchema> {
  return { ...promo, validUntil: isoTime(validUntilMs) };
}
