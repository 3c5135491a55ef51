import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";

import { bookingIds, organiserIds, showIds, ticketIds, transferIds } from "../../domain/ids.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createUnsubscribeSlips } from "../../platform/unsubscribe-slips.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeRequest } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantPoster } from "../../tests/plant-poster.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { samplePictures } from "../../tests/sample-pictures.ts";
import { sellBooking } from "../../tests/sell-booking.ts";
import type { HeldBooking } from "../../tests/sell-booking.ts";

// Who may do what. A new route without a row fails.

type Caller = "nobody" | "owner" | "another buyer" | "link" | "another ticket's link" | "operator";

/**
 * `open`: the same for everybody. `own`: the owner alone, others see nothing. `self`: whoever is signed in, for himself.
 * `signedIn`: whoever is signed in. `place`: whoever shows their place in line, and `ownPlace` only with its owner's token.
 * `transfer`: whoever has its link, which is nobody here. `ticket`: the owner, or whoever has the ticket's link. `signed`: what a provider has signed. `form`: of a page of ours, for whoever
 * is known by its cookies; `guest`: no guest may join here; `noToken`: the form that takes one. `desk…`: operators alone; a page
 * `session`: who shows the cookie of a session; `notOffered`: this edge signs nobody in;
 * `organiser`: who works for the organisation, an owner here (organisations.test.ts has the other roles); a page
 * leads others to where they sign in. An empty `deskForm` is refused, an empty `deskChange` changes nothing.
 */
const matrix = {
  "GET /v1/search": "open",
  "GET /v1/suggest": "open",
  "GET /v1/shows/:id": "open",
  "GET /v1/titles/:id": "open",
  "GET /v1/venues/:id": "open",
  "GET /v1/layouts/:hash": "open",
  "GET /v1/posters/:hash": "open",
  "GET /v1/shows/:id/seats": "open",
  "GET /v1/shows/:id/best-available": "open",
  "GET /v1/shows/:id/seats/stream": "open",
  "GET /v1/shows/:id/line": "open",
  "GET /v1/shows/:id/line/draw": "open",
  "POST /v1/shows/:id/line": "signedIn",
  "GET /v1/shows/:id/line/place": "place",
  "POST /v1/shows/:id/line/pass": "ownPlace",
  "DELETE /v1/shows/:id/line": "place",
  "POST /v1/shows/:id/waiting-list": "signedIn",
  "GET /v1/shows/:id/waiting-list": "signedIn",
  "DELETE /v1/shows/:id/waiting-list": "signedIn",
  "GET /shows/:id/line": "open",
  "GET /shows/:id/line/join": "form",
  "POST /shows/:id/line/join": "guest",
  "POST /shows/:id/line/enter": "form",
  "POST /shows/:id/line/leave": "form",
  "GET /assets/line-page.css": "open",
  "GET /assets/line-page.js": "open",
  "GET /load-behind.js": "open",
  "GET /assets/answer-challenge.js": "open",
  "GET /assets/join-challenge.js": "open",
  "GET /assets/solve-challenge.js": "open",
  "GET /v1/desk/lines": "desk",
  "GET /v1/desk/shows/:id/line": "desk",
  "POST /v1/desk/shows/:id/line": "desk",
  "PATCH /v1/desk/shows/:id/line": "desk",
  "PUT /v1/desk/shows/:id/line/threshold": "desk",
  "PUT /v1/desk/organisations/:key": "desk",
  "PUT /v1/door/session": "noToken",
  "DELETE /v1/door/session": "open",
  "GET /door": "open",
  "GET /door/jsqr.js": "open",
  "GET /door/ask-door.js": "open",
  "GET /door/door-list.js": "open",
  "GET /door/door-store.js": "open",
  "GET /door/door.css": "open",
  "GET /door/door.js": "open",
  "GET /door/door.webmanifest": "open",
  "GET /door/page-parts.js": "open",
  "GET /door/read-code.js": "open",
  "GET /door/scan-desk.js": "open",
  "GET /door/show-door.js": "open",
  "GET /door/show-verdict.js": "open",
  "GET /door/tell-waiting.js": "open",
  "GET /door/watch-camera.js": "open",
  "GET /door/watch-network.js": "open",
  "GET /door/worker.js": "open",
  "GET /v1/door/shows": "signedIn",
  "GET /v1/door/shows/:showId/manifest": "organiser",
  "POST /v1/door/shows/:showId/entries": "organiser",
  "POST /v1/door/shows/:showId/undo": "organiser",
  "GET /v1/organiser/organisations/:organiserId/gates": "organiser",
  "PUT /v1/organiser/organisations/:organiserId/gates/:gate": "organiser",
  "DELETE /v1/organiser/organisations/:organiserId/gates/:gate": "organiser",
  "GET /v1/organiser/organisations": "signedIn",
  "GET /v1/organiser/organisations/:organiserId": "organiser",
  "PUT /v1/organiser/organisations/:organiserId": "organiser",
  "GET /v1/organiser/organisations/:organiserId/members": "organiser",
  "PUT /v1/organiser/organisations/:organiserId/members/:userId": "organiser",
  "GET /v1/organiser/organisations/:organiserId/actions": "organiser",
  "GET /v1/organiser/organisations/:organiserId/catalogue": "organiser",
  "PUT /v1/organiser/organisations/:organiserId/catalogue": "organiser",
  "GET /v1/organiser/organisations/:organiserId/series/:key/shows": "organiser",
  "POST /v1/organiser/organisations/:organiserId/layouts/preview": "organiser",
  "POST /v1/organiser/organisations/:organiserId/posters": "organiser",
  "GET /v1/organiser/organisations/:organiserId/layouts/:key/preview": "organiser",
  "GET /v1/organiser/organisations/:organiserId/layouts": "organiser",
  "GET /v1/organiser/organisations/:organiserId/layouts/:key": "organiser",
  "PUT /v1/organiser/organisations/:organiserId/layouts/:key": "organiser",
  "DELETE /v1/organiser/organisations/:organiserId/layouts/:key": "organiser",
  "GET /v1/organiser/organisations/:organiserId/venues": "organiser",
  "GET /v1/organiser/organisations/:organiserId/venues/:key": "organiser",
  "PUT /v1/organiser/organisations/:organiserId/venues/:key": "organiser",
  "DELETE /v1/organiser/organisations/:organiserId/venues/:key": "organiser",
  "GET /v1/organiser/organisations/:organiserId/titles": "organiser",
  "GET /v1/organiser/organisations/:organiserId/titles/:key": "organiser",
  "PUT /v1/organiser/organisations/:organiserId/titles/:key": "organiser",
  "DELETE /v1/organiser/organisations/:organiserId/titles/:key": "organiser",
  "GET /v1/organiser/organisations/:organiserId/series": "organiser",
  "GET /v1/organiser/organisations/:organiserId/series/:key": "organiser",
  "PUT /v1/organiser/organisations/:organiserId/series/:key": "organiser",
  "DELETE /v1/organiser/organisations/:organiserId/series/:key": "organiser",
  "GET /v1/organiser/organisations/:organiserId/sales": "organiser",
  "GET /v1/organiser/organisations/:organiserId/shows/:showId/figures": "organiser",
  "GET /v1/organiser/organisations/:organiserId/shows/:showId/sales.csv": "organiser",
  "GET /v1/organiser/organisations/:organiserId/shows/:showId/seats.csv": "organiser",
  "GET /v1/organiser/organisations/:organiserId/shows/:showId/seats": "organiser",
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/seats": "organiser",
  "GET /v1/organiser/organisations/:organiserId/shows/:showId/seats/:seatId": "organiser",
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/gifts": "organiser",
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/moves": "organiser",
  "GET /v1/organiser/organisations/:organiserId/shows/:showId/promo-codes": "organiser",
  "PUT /v1/organiser/organisations/:organiserId/shows/:showId/promo-codes/:code": "organiser",
  "DELETE /v1/organiser/organisations/:organiserId/shows/:showId/promo-codes/:code": "organiser",
  "POST /desk/organisations/:organiserId/shows/:showId/line/open": "organiserForm",
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/line": "organiser",
  "GET /v1/organiser/organisations/:organiserId/shows/:showId/line": "organiser",
  "PATCH /v1/organiser/organisations/:organiserId/shows/:showId/line": "organiser",
  "PUT /v1/organiser/organisations/:organiserId/shows/:showId/line/threshold": "organiser",
  "GET /desk/organisations/:organiserId/shows/:showId/line": "organiserPage",
  "GET /desk/organisations/:organiserId/shows/:showId/line/change": "organiserPage",
  "POST /desk/organisations/:organiserId/shows/:showId/line/change": "organiserForm",
  "POST /desk/organisations/:organiserId/shows/:showId/line/threshold": "organiserForm",
  "GET /v1/organiser/organisations/:organiserId/shows/:showId/changes/:kind": "organiser",
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/changes/cancellation": "organiser",
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/changes/reschedule": "organiser",
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/changes/:kind/approve": "organiser",
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/changes/:kind/abandon": "organiser",
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/changes/cancellation/calls/:call":
    "organiser",
  "GET /desk/organisations": "signedInPage",
  "GET /desk/organisations/:organiserId/shows/:showId/changes": "organiserPage",
  "POST /desk/organisations/:organiserId/shows/:showId/changes/:kind/ask": "organiserForm",
  "POST /desk/organisations/:organiserId/shows/:showId/changes/:kind/approve": "organiserForm",
  "POST /desk/organisations/:organiserId/shows/:showId/changes/:kind/abandon": "organiserForm",
  "POST /desk/organisations/:organiserId/shows/:showId/changes/cancellation/pause": "organiserForm",
  "POST /desk/organisations/:organiserId/shows/:showId/changes/cancellation/resume":
    "organiserForm",
  "GET /desk/organisations/:organiserId": "organiserPage",
  "GET /desk/organisations/:organiserId/members": "organiserPage",
  "GET /desk/organisations/:organiserId/gates": "organiserPage",
  "POST /desk/organisations/:organiserId/gates": "organiserForm",
  "POST /desk/organisations/:organiserId/gates/delete": "organiserForm",
  "GET /desk/organisations/:organiserId/shows/:showId/door": "organiserPage",
  "POST /desk/organisations/:organiserId/shows/:showId/door": "organiserNone",
  "GET /desk/organisations/:organiserId/sales": "organiserPage",
  "GET /desk/organisations/:organiserId/shows/:showId": "organiserPage",
  "GET /desk/organisations/:organiserId/shows/:showId/map": "organiserPage",
  "GET /desk/organisations/:organiserId/shows/:showId/change": "organiserPage",
  "GET /desk/organisations/:organiserId/shows/:showId/promo-codes": "organiserPage",
  "GET /desk/organisations/:organiserId/shows/:showId/sales.csv": "organiserPage",
  "GET /desk/organisations/:organiserId/shows/:showId/seats.csv": "organiserPage",
  "GET /desk/organisations/:organiserId/shows/:showId/seats/:seatId": "organiserPage",
  "GET /desk/organisations/:organiserId/shows/:showId/find": "form",
  "POST /desk/organisations/:organiserId/shows/:showId/seats": "organiserForm",
  "POST /desk/organisations/:organiserId/shows/:showId/gifts": "organiserForm",
  "POST /desk/organisations/:organiserId/shows/:showId/moves": "organiserForm",
  "POST /desk/organisations/:organiserId/shows/:showId/promo-codes": "organiserForm",
  "POST /desk/organisations/:organiserId/shows/:showId/promo-codes/end": "organiserForm",
  "GET /assets/sold-map.js": "open",
  "POST /desk/organisations/:organiserId/members": "organiserForm",
  "GET /desk/organisations/:organiserId/actions": "organiserPage",
  "GET /desk/organisations/:organiserId/new/layouts": "organiserPage",
  "POST /desk/organisations/:organiserId/new/layouts": "organiserTyped",
  "GET /desk/organisations/:organiserId/layouts/:key": "organiserNone",
  "POST /desk/organisations/:organiserId/layouts/:key": "organiserTyped",
  "GET /desk/organisations/:organiserId/new/venues": "organiserPage",
  "POST /desk/organisations/:organiserId/new/venues": "organiserTyped",
  "GET /desk/organisations/:organiserId/venues/:key": "organiserNone",
  "POST /desk/organisations/:organiserId/venues/:key": "organiserTyped",
  "GET /desk/organisations/:organiserId/new/titles": "organiserPage",
  "POST /desk/organisations/:organiserId/new/titles": "organiserTyped",
  "GET /desk/organisations/:organiserId/titles/:key": "organiserNone",
  "POST /desk/organisations/:organiserId/titles/:key": "organiserTyped",
  "POST /desk/organisations/:organiserId/titles/:key/poster": "organiserNone",
  "GET /desk/organisations/:organiserId/new/series": "organiserPage",
  "POST /desk/organisations/:organiserId/new/series": "organiserTyped",
  "GET /desk/organisations/:organiserId/series/:key": "organiserNone",
  "POST /desk/organisations/:organiserId/series/:key": "organiserTyped",
  "GET /desk/lines": "deskPage",
  "GET /desk/lines/:id": "deskPage",
  "GET /desk/lines/:id/change": "deskPage",
  "GET /desk/find": "form",
  "POST /desk/lines/:id/open": "deskForm",
  "POST /desk/lines/:id/change": "deskChange",
  "POST /desk/lines/:id/end-place": "deskForm",
  "POST /desk/lines/:id/close": "deskForm",
  "POST /desk/lines/:id/threshold": "deskForm",
  "GET /desk/sign-in": "open",
  "POST /desk/sign-in": "noToken",
  "POST /desk/sign-out": "form",
  "GET /assets/desk-pages.css": "open",
  "GET /assets/desk-pages.js": "open",
  "DELETE /v1/desk/shows/:id/line/places/:number": "desk",
  "DELETE /v1/desk/shows/:id/line": "desk",
  "POST /v1/bookings/reserve": "self",
  "POST /v1/bookings/confirm": "own",
  "GET /v1/bookings/:id": "own",
  "POST /v1/bookings/:id/seats": "own",
  "POST /v1/bookings/:id/payments": "own",
  "POST /v1/bookings/:id/extend": "own",
  "POST /v1/bookings/:id/refund": "own",
  "GET /v1/tickets/:id": "ticket",
  "GET /v1/tickets/:id/qr.svg": "ticket",
  "GET /v1/me": "signedIn",
  "GET /v1/me/bookings": "signedIn",
  "GET /v1/tickets/:id/ticket.pdf": "ticket",
  "GET /v1/tickets/:id/event.ics": "ticket",
  "GET /v1/tickets/:id/ticket.pkpass": "ticket",
  "GET /v1/tickets/:id/google-wallet": "ticket",
  "GET /v1/bookings/:id/tickets.pdf": "own",
  "GET /v1/bookings/:id/event.ics": "own",
  "POST /v1/bookings/:id/resend": "own",
  "POST /v1/tickets/:id/transfer": "own",
  "GET /v1/tickets/:id/transfer": "own",
  "DELETE /v1/tickets/:id/transfer": "own",
  "GET /v1/transfers/:id": "transfer",
  "POST /v1/transfers/:id/accept": "transfer",
  "GET /transfers/:id": "open",
  "GET /assets/transfer-page.js": "open",
  "PUT /v1/me": "self",
  "POST /v1/session/code": "notOffered",
  "POST /v1/session": "notOffered",
  "POST /v1/session/token": "session",
  "DELETE /v1/session": "open",
  "GET /v1/me/notifications": "signedIn",
  "PUT /v1/me/notifications": "signedIn",
  "POST /webhooks/mail-bounces": "signed",
  "POST /v1/support/bounces/find": "desk",
  "POST /v1/support/bounces/lift": "desk",
  "GET /unsubscribe/:slip": "open",
  "POST /unsubscribe/:slip": "open",
  "POST /webhooks/stripe": "signed",
  "POST /webhooks/paypal": "signed",
  "GET /tickets/:id": "open",
  "GET /assets/checkout-pages.css": "open",
  "GET /assets/checkout-pages.js": "open",
  "GET /checkout/paid": "open",
  "GET /checkout/not-paid": "open",
  "GET /assets/ticket-page.css": "open",
  "GET /assets/ticket-page.js": "open",
  "GET /link-parts.js": "open",
  "GET /assets/page.css": "open",
  "GET /assets/icon.svg": "open",
  "GET /": "moved",
  "GET /docs": "open",
  "GET /docs/errors": "open",
  "GET /docs/assets/page.css": "open",
  "GET /docs/assets/swagger-ui.css": "open",
  "GET /docs/assets/swagger-ui.js": "open",
  "GET /docs/assets/start.js": "open",
  "GET /openapi.json": "open",
  "GET /healthz": "open",
  "GET /readyz": "open",
  "GET /metrics": "open",
  // The last ones: after them there is no second member, and no hold any more.
  "DELETE /v1/organiser/organisations/:organiserId/members/:userId": "organiser",
  "DELETE /v1/bookings/:id": "own",
} as const;

type Route = keyof typeof matrix;

const expected: Record<(typeof matrix)[Route], Record<Caller, number>> = {
  open: row(200, 200, 200, 200, 200),
  moved: row(302, 302, 302, 302, 302),
  self: row(401, 200, 403, 401, 401),
  own: row(401, 200, 404, 401, 401),
  signedIn: row(401, 200, 200, 401, 401),
  place: row(403, 200, 403, 403, 403),
  ownPlace: row(401, 200, 403, 401, 401),
  ticket: row(401, 200, 404, 200, 403),
  transfer: row(403, 403, 403, 403, 403),
  signed: row(400, 400, 400, 400, 400),
  form: row(303, 303, 303, 303, 303),
  guest: row(401, 401, 401, 401, 401),
  noToken: row(400, 400, 400, 400, 400),
  session: row(401, 401, 401, 401, 401),
  notOffered: row(404, 404, 404, 404, 404),
  organiser: row(401, 200, 404, 401, 401),
  signedInPage: row(303, 200, 200, 303, 303),
  organiserPage: row(303, 200, 404, 303, 303),
  organiserTyped: row(303, 400, 404, 303, 303),
  organiserNone: row(303, 404, 404, 303, 303),
  organiserForm: row(303, 303, 404, 303, 303),
  desk: row(401, 403, 403, 401, 401, 200),
  deskPage: row(303, 403, 403, 303, 303, 200),
  deskForm: row(303, 403, 403, 303, 303, 400),
  deskChange: row(303, 403, 403, 303, 303, 303),
};

function row(
  nobody: number,
  owner: number,
  another: number,
  link: number,
  otherLink: number,
  operator = another,
): Record<Caller, number> {
  return {
    nobody,
    owner,
    "another buyer": another,
    link,
    "another ticket's link": otherLink,
    operator,
  };
}

let edge: Edge;
let showId: string;
let owner: Awaited<ReturnType<Edge["signIn"]>>;
let headersOf: Record<Caller, Record<string, string>>;
let bookingId: string;
let ticketId: string;
let ids: Record<string, string>;
let lineShowId: string;
let place: string;
let organiserId: string;
let posterHash: string;
let houseShowId: string;
let houseBooking: HeldBooking;
let houseVenueId: string;
const memberId = randomUUID();

beforeAll(async () => {
  edge = await createEdge();
  const { pool } = edge.database;
  const show = await plantShow(pool, { seats: 10 });
  posterHash = await plantPoster(pool);
  showId = showIds.encode(show);
  owner = await edge.signIn();
  const stranger = await edge.signIn();

  const reserved = await edge.send("POST", "/v1/bookings/reserve", {
    json: { showId, seatIds: ["A1"], userId: owner.userId },
    headers: { ...owner.headers, "idempotency-key": randomUUID() },
  });
  bookingId = String(reserved.body["bookingId"]);
  const ticket = randomUUID();
  ticketId = ticketIds.encode({ id: ticket, showId: show });
  await pool.query(
    `insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
     values ($1, $2, $3, 'A1', $4, now())`,
    [show, ticket, bookingIds.decode(bookingId).id, owner.userId],
  );

  const lineShow = await plantShow(pool, { seats: 10 });
  lineShowId = showIds.encode(lineShow);
  await plantLine(pool, lineShow);
  place = await eventually(async () => {
    const joined = await edge.send("POST", `/v1/shows/${lineShowId}/line`, owner);
    return joined.body["state"] === "called" && String(joined.body["place"]);
  }, 20_000);

  const operator = await edge.signIn(randomUUID(), ["operator"]);
  headersOf = {
    nobody: {},
    operator: operator.headers,
    owner: owner.headers,
    "another buyer": stranger.headers,
    link: { "ticket-access": edge.links.access(ticketId) },
    "another ticket's link": { "ticket-access": edge.links.access(`${ticketId}x`) },
  };
  const founded = await edge.send("PUT", "/v1/desk/organisations/playhouse", {
    json: { name: "Playhouse", ownerId: owner.userId },
    headers: operator.headers,
  });
  organiserId = String(founded.body["organiserId"]);
  houseShowId = await plantShow(edge.database.pool);
  await edge.database.pool.query(
    `update venues set organiser_id = $2 from halls hall join shows show using (hall_id)
     where show.show_id = $1 and venues.venue_id = hall.venue_id`,
    [houseShowId, organiserIds.decode(organiserId)],
  );
  const house = await edge.send("GET", `/v1/shows/${showIds.encode(houseShowId)}`);
  houseVenueId = (house.body as unknown as { venue: { venueId: string } }).venue.venueId;
  houseBooking = await sellBooking(edge.database.pool, { showId: houseShowId, seatIds: ["A1"] });
  const { body } = await edge.send("GET", `/v1/shows/${showId}`);
  const { title, venue } = body as unknown as {
    title: { titleId: string };
    venue: { venueId: string };
  };
  ids = {
    shows: showId,
    titles: title.titleId,
    venues: venue.venueId,
    bookings: bookingId,
    tickets: ticketId,
    transfers: transferIds.encode({ id: ticket, showId: show }),
  };
}, 60_000);
afterAll(() => edge.close(), 30_000);

const bodies: Partial<Record<Route, () => EdgeRequest>> = {
  "POST /v1/bookings/reserve": () => ({
    json: { showId, seatIds: ["A2"], userId: owner.userId },
    headers: { "idempotency-key": "the-owners-own-key" },
  }),
  "POST /v1/shows/:id/waiting-list": () => ({ json: { partySize: 2 } }),
  "POST /v1/bookings/confirm": () => ({ json: { bookingId } }),
  "POST /v1/bookings/:id/seats": () => ({ json: { add: ["A3"] } }),
  "POST /v1/bookings/:id/payments": () => ({ json: {} }),
  "POST /v1/bookings/:id/extend": () => ({ headers: { "idempotency-key": "more-time" } }),
  "POST /v1/bookings/:id/refund": () => ({
    json: {},
    headers: { "idempotency-key": "give-back" },
  }),
  "POST /v1/tickets/:id/transfer": () => ({
    json: { email: "friend@example.com", name: "Friend" },
    headers: { "idempotency-key": "to-a-friend" },
  }),
  "PATCH /v1/desk/shows/:id/line": () => ({ json: { message: "Soon" } }),
  "PUT /v1/desk/shows/:id/line/threshold": () => ({ json: { peoplePerMinute: 300 } }),
  "PUT /v1/organiser/organisations/:organiserId/shows/:showId/line/threshold": () => ({
    json: { peoplePerMinute: 300 },
  }),
  "POST /desk/organisations/:organiserId/shows/:showId/line/open": () =>
    formOf({ opensInMinutes: "0", drawAfterMinutes: "0" }),
  "POST /desk/organisations/:organiserId/shows/:showId/line/change": () =>
    formOf({ message: "Soon" }),
  "POST /desk/organisations/:organiserId/shows/:showId/line/threshold": () =>
    formOf({ peoplePerMinute: "300" }),
  "PUT /v1/desk/organisations/:key": () => ({ json: { name: "Playhouse", ownerId: owner.userId } }),
  "PUT /v1/organiser/organisations/:organiserId": () => ({ json: { name: "The Playhouse" } }),
  "PUT /v1/organiser/organisations/:organiserId/members/:userId": () => ({
    json: { role: "viewer" },
  }),
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/seats": () => ({
    json: { action: "block", seatIds: ["A9"] },
  }),
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/gifts": () => ({
    json: { seatIds: ["A8"], to: { email: "guest@example.com", name: "Guest" } },
    headers: { "idempotency-key": "one-gift" },
  }),
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/moves": () => ({
    json: {
      bookingId: bookingIds.encode({ id: houseBooking.bookingId, showId: houseShowId }),
      moves: [{ from: "A1", to: "A2" }],
    },
  }),
  "PUT /v1/organiser/organisations/:organiserId/shows/:showId/promo-codes/:code": () => ({
    json: { percent: 10, usesMax: 5 },
  }),
  "POST /desk/organisations/:organiserId/gates": () =>
    formOf({ gate: "side", name: "Side door", venueId: houseVenueId, sections: "" }),
  "POST /desk/organisations/:organiserId/gates/delete": () => formOf({ gate: "side" }),
  "POST /desk/organisations/:organiserId/shows/:showId/door": () => formOf({ code: "00000000" }),
  "POST /desk/organisations/:organiserId/members": () =>
    formOf({ userId: memberId, role: "viewer" }),
  "POST /desk/organisations/:organiserId/shows/:showId/seats": () =>
    formOf({ seats: "A10", action: "block" }),
  "POST /desk/organisations/:organiserId/shows/:showId/gifts": () =>
    formOf({ ...giftFields, key: giftKey }),
  "POST /desk/organisations/:organiserId/shows/:showId/moves": () =>
    formOf({ booking: houseBooking.bookingId, from: "A1", to: "A2" }),
  "POST /desk/organisations/:organiserId/shows/:showId/promo-codes": () =>
    formOf({ code: "FORM-OFF", percent: "10", amountMinor: "", usesMax: "5" }),
  "POST /desk/organisations/:organiserId/shows/:showId/promo-codes/end": () =>
    formOf({ code: "FORM-OFF" }),
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/changes/reschedule": () => ({
    json: { startsAt: "2031-02-14T20:00", refundUntil: "2031-01-31T23:59" },
  }),
  "POST /v1/organiser/organisations/:organiserId/shows/:showId/changes/:kind/approve": () => ({
    json: { code: "4f2a9c" },
  }),
  "POST /desk/organisations/:organiserId/shows/:showId/changes/:kind/approve": () =>
    formOf({ code: "4f2a9c" }),
  "POST /v1/session/code": () => ({ json: { email: "owner@example.com" } }),
  "POST /v1/session": () => ({ json: { email: "owner@example.com", code: "123456" } }),
  "PUT /v1/door/session": () => ({ json: {} }),
  "POST /v1/door/shows/:showId/entries": () => ({
    json: { deviceId: memberId, gate: "main", scans: [doorScan] },
  }),
  "POST /v1/door/shows/:showId/undo": () => ({ json: { code: "00000000" } }),
  "PUT /v1/organiser/organisations/:organiserId/gates/:gate": () => ({
    json: { venueId: ids["venues"], name: "Stage door" },
  }),
  "POST /v1/organiser/organisations/:organiserId/posters": () => ({
    raw: samplePictures.png({ width: 200, height: 300 }),
  }),
  "POST /desk/organisations/:organiserId/titles/:key/poster": () => posterForm(),
  "PUT /v1/me": () => ({ json: { email: "owner@example.com", name: "Owner" } }),
  "PUT /v1/me/notifications": () => ({ json: {} }),
  "POST /webhooks/stripe": () => ({ raw: "{}" }),
  "POST /webhooks/mail-bounces": () => ({ raw: "{}" }),
  "POST /v1/support/bounces/find": () => ({ json: { address: "owner@example.com" } }),
  "POST /v1/support/bounces/lift": () => ({ json: { address: "owner@example.com" } }),
};

const slip = createUnsubscribeSlips(localKeys.LINK_KEY).sign({
  ...{ userId: randomUUID(), kind: "offers" },
});
const doorScan = { scanId: randomUUID(), code: "00000000", scannedAt: new Date().toISOString() };
const giftKey = randomUUID();
const giftFields = { seats: "A7", channel: "", email: "g@example.com", name: "G", userId: "" };

function formOf(fields: Record<string, string>): EdgeRequest {
  const type = "application/x-www-form-urlencoded";
  return { raw: new URLSearchParams(fields).toString(), headers: { "content-type": type } };
}

/** As browsers send it. */
function posterForm(): EdgeRequest {
  const part = (name: string, value: string) =>
    `--part\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const file = part('poster"; filename="none.png', "");
  return {
    raw: `${part("act", "remove")}${part("version", "1")}${file}--part--\r\n`,
    headers: { "content-type": "multipart/form-data; boundary=part" },
  };
}

function addressOf(path: string): string {
  const [, room = ""] = /([^/]+)\/:id/.exec(path) ?? [];
  const id = path.includes("/line") ? lineShowId : (ids[room] ?? "");
  const address = path
    .replace(":id", id)
    .replace(":hash", path.includes("posters") ? posterHash : "test-10")
    .replace(":key", "playhouse")
    .replace(":organiserId", organiserId)
    .replace(":showId", showIds.encode(houseShowId))
    .replace(":seatId", "A1")
    .replace(":slip", slip)
    .replace(":gate", "stage")
    .replace(":code", "TEN-OFF")
    .replace(":kind", "cancellation")
    .replace(":call", "pause")
    .replace(":number", "1")
    .replace(":userId", memberId);
  const queries: Record<string, string> = {
    "/v1/suggest": "?q=test",
    "/v1/shows/:id/best-available": "?quantity=2",
  };
  return `${address}${queries[path] ?? ""}`;
}

/** 200, 201 and 202 are one here: the caller was let in. So is what the state of the booking answers. */
function letIn(status: number, code: string | undefined): number {
  const isState =
    code === "PAYMENT_NOT_FOUND" ||
    code === "SHOW_CHANGE_NOT_FOUND" ||
    code === "REFUND_NOT_ALLOWED" ||
    code === "LINE_NOT_OPENABLE" ||
    code === "ENTRY_NOT_FOUND" ||
    code === "VENUE_NOT_FOUND" ||
    code === "GATE_UNKNOWN" ||
    code === "DOOR_CLOSED" ||
    code === "ITEM_NOT_FOUND" ||
    code === "WALLET_NOT_OFFERED" ||
    code === "CATALOGUE_INVALID" ||
    code === "WAITING_LIST_CLOSED" ||
    code === "WAITING_LIST_ENTRY_NOT_FOUND";
  return status < 300 || isState ? 200 : status;
}

test("every route has a row, and every row a route", () => {
  const routes = edge.app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(routes)].toSorted()).toEqual(Object.keys(matrix).toSorted());
});

const callers = Object.keys(expected.open) as Caller[];
const cells = (Object.keys(matrix) as Route[]).flatMap((route) =>
  callers.map((caller) => [route, caller] as const),
);

test.each(cells)("%s by %s", async (route, caller) => {
  const [method = "", path = ""] = route.split(" ");
  const isItem = method !== "GET" && path.startsWith("/v1/organiser/");
  const request = bodies[route]?.() ?? (isItem ? { json: {} } : {});
  const isPlaced = path.includes("/line") && caller === "owner";
  const headers = {
    ...request.headers,
    ...headersOf[caller],
    ...(isPlaced && { "line-place": place }),
  };
  const answer = path.endsWith("/stream")
    ? await edge.lookInto(addressOf(path), headers)
    : await edge.send(method, addressOf(path), { ...request, headers });
  // Nobody speaks for somebody else, but everybody may say who he is.
  const isHimself = route === "PUT /v1/me" && (caller === "another buyer" || caller === "operator");
  expect(letIn(answer.status, answer.body.code)).toBe(
    isHimself ? 200 : expected[matrix[route]][caller],
  );
});
