import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import { getSeatStatuses } from "../../adapters/postgres/catalogue.ts";
import { findPerson, savePerson } from "../../adapters/postgres/people.ts";
import type { Person } from "../../adapters/postgres/people.ts";
import type { Database, Queryable } from "../../adapters/postgres/pool.ts";
import type { LineStore } from "../../adapters/redis/line.ts";
import type { CatalogueFollower } from "../../adapters/redis/catalogue-feed.ts";
import type { SeatFollower } from "../../adapters/redis/seat-feed.ts";
import type { ShowMetadata } from "../../adapters/redis/show-metadata.ts";
import type { SeatLocks } from "../../adapters/redis/seat-locks.ts";
import type { CreateLimitCount } from "../../adapters/redis/limit-counts.ts";
import type { Challenge } from "../../domain/challenge.ts";
import type { PaymentProvider } from "../../domain/payment.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import type { SearchIndex } from "../../domain/show-search.ts";
import type { SignIn } from "../../domain/sign-in.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { MailIds } from "../../platform/mail-ids.ts";
import type { Slips } from "../../platform/slips.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";
import { createAskers } from "../limits/askers.ts";
import { digestNetwork } from "../limits/digest-network.ts";
import type { Asker } from "../limits/rate-limits.ts";
import type { AskerRules, Askers } from "../limits/askers.ts";
import type { TurnLimits } from "../../platform/turns.ts";
import { createLineSlips } from "../line/line-slips.ts";
import { createLineDemand } from "../line/line-demand.ts";
import { createLines } from "../line/lines.ts";
import { createReadDraw } from "../line/read-draw.ts";
import { createPace } from "../line/pace.ts";
import type { Pace } from "../line/pace.ts";
import { createActFor } from "../organisers/act-for.ts";
import { createDoor } from "../door/create-door.ts";
import { createGates } from "../organisers/gates.ts";
import { createShowDesk } from "../organisers/create-show-desk.ts";
import { createMembers } from "../organisers/members.ts";
import { createUploadPoster } from "../organisers/upload-poster.ts";
import { createPreviewLayout } from "../organisers/preview-layout.ts";
import { createReadItems } from "../organisers/read-items.ts";
import { createSaveItems } from "../organisers/save-items.ts";
import { createOrganisations } from "../organisers/organisations.ts";
import { createSeatViews } from "../live/seat-views.ts";
import type { SeatViews } from "../live/seat-views.ts";
import { createAcceptProviderNews } from "./accept-provider-news.ts";
import { createChooseNotices } from "./choose-notices.ts";
import { createChangeHold } from "./change-hold.ts";
import { createChangeSeats } from "./change-seats.ts";
import { createConfirmBooking } from "./confirm-booking.ts";
import { createFindBestSeats } from "./find-best-seats.ts";
import { createFindLine } from "../line/find-line.ts";
import { createGate } from "../gate/gate.ts";
import { createHoldTurns } from "../gate/hold-turns.ts";
import type { HoldTurns } from "../gate/hold-turns.ts";
import { guardLineStore } from "../line/guard-line-store.ts";
import { guardSearchIndex } from "./guard-search-index.ts";
import { guardSeatLocks } from "../gate/guard-seat-locks.ts";
import { createLinePasses } from "../line/line-passes.ts";
import { createPeekPass } from "../line/peek-pass.ts";
import { createLockComparison } from "../gate/lock-comparison.ts";
import { createOpenChannel } from "../shows/open-channel.ts";
import { createListBookings } from "./list-bookings.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";
import { createReadSeats } from "./read-seats.ts";
import { createReadTicket, createReadTickets } from "./read-ticket.ts";
import { createRefundBooking } from "./refund-booking.ts";
import { createResendTickets } from "./resend-tickets.ts";
import { createReserveSeats } from "./reserve-seats.ts";
import { createEndPlace } from "./end-place.ts";
import { createRunLines } from "./run-lines.ts";
import type { RunLines } from "./run-lines.ts";
import { rememberRefusals } from "../gate/remember-refusals.ts";
import { showLocks } from "../gate/show-locks.ts";
import { createSearchShows, createSuggest } from "./search-shows.ts";
import { createHearOfBounces } from "./hear-of-bounces.ts";
import { createReadCatalogue } from "../shows/read-catalogue.ts";
import { createReadPoster } from "../shows/read-poster.ts";
import { createShowCache } from "../shows/show-cache.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import { createSignInByCode } from "./sign-in.ts";
import { createStandInLine } from "./stand-in-line.ts";
import { createStartPayment } from "./start-payment.ts";
import type { PaymentWish } from "./start-payment.ts";
import { createTransfers } from "./transfer-ticket.ts";
import { createVisitLine } from "./visit-line.ts";
import { createWaitForSeats } from "./wait-for-seats.ts";

/** The outside world, as the edge uses it. */
export type Clients = {
  db: Database;
  /** Connections of their own for what people look at, so that they never stand in front of orders and payments. */
  readingDb?: Queryable;
  /** Connections of their own for organisers, whose statements may take longer than a buyer waits. */
  organiserDb?: Database;
  seatLocks: SeatLocks;
  tellSeats: TellSeats;
  seatFollower: SeatFollower;
  showMetadata: ShowMetadata;
  catalogueFollower: CatalogueFollower;
  lineStore: LineStore;
  limitCount: CreateLimitCount;
  challenge: Challenge;
  checkouts: Omit<CheckoutClient, "isReady" | "close">;
  /** The first one is taken when the buyer has no wish. */
  providers: PaymentProvider[];
  index: SearchIndex;
  sealing: Sealing;
  signing: TicketSigning;
  slips: Slips;
  mailIds: Pick<MailIds, "read">;
  /** Undefined: people come with tokens of other issuers. */
  signIn?: SignIn | undefined;
  /** How late this process is with everything. */
  latenessMs: () => number;
  logger: Logger;
};

export type OperationRules = {
  graceSeconds: number;
  paymentsPerSecondMax: number;
  askers: AskerRules;
  holdLimits?: TurnLimits | undefined;
};

export type Operations = ReturnType<typeof createOperations>;

/** Everything that can be asked of Marquee, free of transport. Ids are plain UUIDs in here. */
export function createOperations(clients: Clients, rules: OperationRules) {
  const { db, readingDb = db } = clients;
  const shows = createShowCache({ db: readingDb, metadata: clients.showMetadata });
  clients.catalogueFollower.listen({
    onChanges: (changes) => changes.forEach(({ showId }) => shows.expire(showId)),
    onGap: shows.expireAll,
  });
  const deps = { ...clients, shows, index: guardSearchIndex(clients.index) };
  const searchDeps = { index: deps.index, db: readingDb };
  const hold = createChangeHold(deps);
  const seatViews = createSeatViews({
    ...{ shows, follower: clients.seatFollower, graceSeconds: rules.graceSeconds },
    readSeats: (showId) => getSeatStatuses(readingDb, showId),
    logger: clients.logger,
  });
  const readSeats = createReadSeats(seatViews);
  const openChannel = createOpenChannel(deps);
  const holdTurns = createHoldTurns(rules.holdLimits);
  const guardedLocks = guardSeatLocks(clients.seatLocks);
  const seatLocks = showLocks(rememberRefusals(holdTurns.inFrontOf(guardedLocks)), seatViews);
  const comparison = createLockComparison({ ...deps, graceSeconds: rules.graceSeconds });
  const enterGate = createGate({ seatViews, seatLocks, comparison });
  const pace = createPace({
    perSecondMax: rules.paymentsPerSecondMax,
    paymentWaitMs: () => clients.providers[0]?.waitMs?.() ?? 0,
    latenessMs: clients.latenessMs,
  });
  const askers = createAskers(clients, rules.askers);
  const paceFacts = { seatViews, holdTurns, pace };
  const lineOperations = createLineOperations(clients, paceFacts, { shows, askers });
  const { linePasses, runLines } = lineOperations;
  const startPayment = createStartPayment(deps);
  return {
    searchShows: createSearchShows(searchDeps),
    suggest: createSuggest(searchDeps),
    ...{ readShow: shows.datedShow, readLayout: shows.layout },
    readPoster: createReadPoster(readingDb),
    readSeats,
    seatViews,
    openChannel,
    findBestSeats: createFindBestSeats({ shows, openChannel, seats: readSeats }),

    ...createReadCatalogue(readingDb),
    catalogueFollower: clients.catalogueFollower,
    ...createOrganiserOperations({ ...clients, ...rules, runLines, shows }),
    door: createDoor({ ...clients, readingDb, shows, actFor: createActFor(db) }),

    askers,
    ...lineOperations,
    reserveSeats: createReserveSeats({
      ...{ ...deps, enterGate, seatLocks, comparison, openChannel, linePasses, pace },
      ...{ holdTurns, limits: askers.limits },
    }),
    waitingList: createWaitForSeats(deps),
    changeSeats: createChangeSeats({ ...deps, enterGate }),
    cancelHold: hold.cancel,
    extendHold: hold.extend,
    startPayment: ({ asker, ...wish }: PaymentWish & { asker: Asker }) =>
      pace.watch("payments", () =>
        startPayment({
          ...wish,
          networkDigest: digestNetwork(clients.sealing, wish.showId, asker),
        }),
      ),
    confirmBooking: createConfirmBooking(deps),
    refundBooking: createRefundBooking(deps),
    acceptProviderNews: createAcceptProviderNews(deps),
    ...createPersonOperations({ ...deps, readingDb }),
  };
}

/** What somebody does who is signed in, or wants to be. */
function createPersonOperations(deps: Clients & { readingDb: Queryable; shows: ShowCache }) {
  const { db, readingDb, sealing, shows } = deps;
  return {
    signIn: createSignInByCode({ signIn: deps.signIn, limitCount: deps.limitCount }),
    findPerson: (userId: string) => findPerson(readingDb, sealing, userId),
    savePerson: (person: Person) => savePerson(db, sealing, person),
    notices: createChooseNotices(deps),
    bounces: createHearOfBounces(deps),
    listBookings: createListBookings({ db: readingDb, shows }),
    readBooking: (booking: OwnBooking) => readBooking(db, booking),
    readTicket: createReadTicket(deps),
    readTickets: createReadTickets(deps),
    transfers: createTransfers(deps),
    resendTickets: createResendTickets(deps),
  };
}

/** What organisers do. */
function createOrganiserOperations({
  db: buyersDb,
  organiserDb: db = buyersDb,
  ...clients
}: Clients & { shows: ShowCache; graceSeconds: number; runLines: RunLines }) {
  const actFor = createActFor(db);
  const deps = { ...clients, db, actFor };
  const items = { ...createReadItems(deps), ...createSaveItems(deps) };
  return {
    organisations: createOrganisations(deps),
    members: createMembers(deps),
    gates: createGates(deps),
    previewLayout: createPreviewLayout({ actFor, items }),
    items,
    uploadPoster: createUploadPoster(deps),
    showDesk: createShowDesk(deps),
  };
}

function createLineOperations(
  clients: Clients,
  paceFacts: { seatViews: SeatViews; holdTurns: HoldTurns; pace: Pace },
  { shows, askers }: { shows: ShowCache; askers: Askers },
) {
  const lines = createLines({ ...clients, ...paceFacts, store: clients.lineStore });
  const slips = createLineSlips(clients.slips);
  const find = createFindLine({ lines, slips });
  const deps = { lines, slips, find, store: guardLineStore(clients.lineStore) };
  const line = createStandInLine({ ...deps, ...askers });
  const linePasses = createLinePasses(deps);
  return {
    ...{ lines, line, linePasses, peekPass: createPeekPass(deps) },
    visitLine: createVisitLine({ ...deps, shows, line, linePasses }),
    readDraw: createReadDraw({ ...clients, db: clients.readingDb ?? clients.db }),
    runLines: createRunLines({ ...clients, lines, shows }),
    endPlace: createEndPlace({ ...deps, db: clients.db }),
    lineDemand: createLineDemand({ ...clients, store: clients.lineStore, lines }),
  };
}
