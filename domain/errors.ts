/**
 * Every expected outcome that is not success, in one table: the HTTP status, the sentence people read, and whether the
 * same request may succeed later. Each code has a heading in docs/errors.md. Bugs are not in here.
 */
export const errorTable = {
  // The request itself
  REQUEST_INVALID: { status: 400, title: "The request is not valid", retryable: false },
  JSON_MALFORMED: { status: 400, title: "The body is not valid JSON", retryable: false },
  ID_MALFORMED: { status: 400, title: "This is not a Marquee id", retryable: false },
  BODY_TOO_LARGE: { status: 413, title: "The body is too large", retryable: false },
  HEAD_TOO_LARGE: { status: 431, title: "Address and headers are too large", retryable: false },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: "Send application/json", retryable: false },
  ROUTE_UNKNOWN: { status: 404, title: "There is nothing at this address", retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, title: "This address has other methods", retryable: false },
  RATE_LIMITED: { status: 429, title: "You ask too often", retryable: true },
  CHALLENGE_REQUIRED: { status: 429, title: "Solve a challenge, or wait", retryable: true },
  CHALLENGE_FAILED: { status: 403, title: "The challenge is not solved", retryable: true },
  CURSOR_INVALID: { status: 400, title: "The cursor is not valid", retryable: false },

  // Who is asking
  TOKEN_MISSING: { status: 401, title: "Sign in first", retryable: false },
  TOKEN_INVALID: { status: 401, title: "The token is not valid", retryable: false },
  USER_MISMATCH: { status: 403, title: "userId must be the caller", retryable: false },
  FORM_FOREIGN: { status: 403, title: "This form is not one of ours", retryable: false },
  OPERATOR_ONLY: { status: 403, title: "Only operators may do this", retryable: false },
  SUPPORT_ONLY: { status: 403, title: "Only support may do this", retryable: false },
  ROLE_TOO_LOW: { status: 403, title: "Your role may not do this", retryable: false },
  PARTNER_KEY_INVALID: { status: 403, title: "The partner key is not valid", retryable: false },
  UNSUBSCRIBE_LINK_INVALID: {
    status: 403,
    title: "The link to turn mails off is not valid",
    retryable: false,
  },
  TICKET_ACCESS_INVALID: { status: 403, title: "The ticket link is not valid", retryable: false },

  // Signing in by a code in a mail
  SIGN_IN_CODE_WRONG: { status: 403, title: "This is not the code", retryable: false },
  SIGN_IN_CODE_OVER: { status: 403, title: "Ask for another code", retryable: false },
  SIGN_IN_MAIL_REFUSED: { status: 400, title: "No mail reaches this address", retryable: false },
  SIGN_IN_NOT_OFFERED: { status: 404, title: "There are no codes by mail here", retryable: false },
  SIGN_IN_UNAVAILABLE: {
    status: 503,
    title: "Signing in is away for the moment",
    retryable: true,
  },

  // The line in front of a show
  LINE_NOT_FOUND: { status: 404, title: "This show has no line", retryable: false },
  LINE_NOT_OPENABLE: { status: 409, title: "This show cannot have a line", retryable: false },
  LINE_NOT_OPEN: { status: 409, title: "The line is not open yet", retryable: false },
  LINE_PLACE_INVALID: { status: 403, title: "This is not your place", retryable: false },
  LINE_TURN_NOT_YET: { status: 409, title: "It is not your turn yet", retryable: true },
  LINE_TURN_MISSED: { status: 409, title: "You have missed your turn", retryable: false },
  LINE_PASS_MISSING: { status: 403, title: "Stand in line for this show first", retryable: false },
  LINE_PASS_INVALID: { status: 403, title: "The pass is not valid", retryable: false },
  LINE_PASS_FOREIGN: { status: 403, title: "The pass is somebody else's", retryable: false },
  LINE_PASS_OTHER_SHOW: { status: 403, title: "The pass is for another show", retryable: false },
  LINE_PASS_EXPIRED: { status: 403, title: "The pass has run out", retryable: false },
  LINE_PASS_ENDED: { status: 403, title: "The pass was given back or used", retryable: false },

  // The waiting list of a sold-out show
  WAITING_LIST_CLOSED: {
    status: 409,
    title: "Seats are free, or may be in minutes",
    retryable: true,
  },
  WAITING_WISH_IMPOSSIBLE: {
    status: 400,
    title: "Even the empty hall has no such seats",
    retryable: false,
  },
  WAITING_LIST_JOINED: {
    status: 409,
    title: "You are waiting with another wish already",
    retryable: false,
  },
  WAITING_LIST_ENTRY_NOT_FOUND: {
    status: 404,
    title: "You are not on the waiting list",
    retryable: false,
  },
  WAITING_LIST_FIRST: {
    status: 409,
    title: "Free seats are for those on the waiting list",
    retryable: false,
  },

  // Organisations
  ORGANISATION_NOT_FOUND: { status: 404, title: "No such organisation", retryable: false },
  ORGANISATION_OWNED: { status: 409, title: "Somebody else owns it already", retryable: false },
  MEMBER_NOT_FOUND: { status: 404, title: "No such member", retryable: false },
  LAST_OWNER: { status: 409, title: "An organisation keeps one owner", retryable: false },
  MEMBERS_TOO_MANY: { status: 409, title: "An organisation has no more members", retryable: false },

  // An organisation's catalogue
  ITEM_NOT_FOUND: { status: 404, title: "The catalogue has no such item", retryable: false },
  ITEM_IN_USE: { status: 409, title: "Something else needs this", retryable: false },
  ITEM_CHANGED: { status: 412, title: "Somebody has changed it meanwhile", retryable: false },
  ITEMS_TOO_MANY: { status: 409, title: "The catalogue takes no more items", retryable: false },
  POSTER_TYPE_UNKNOWN: {
    status: 415,
    title: "A poster is a PNG, a JPEG or a WebP",
    retryable: false,
  },
  POSTER_DAMAGED: { status: 400, title: "The picture is not whole", retryable: false },
  POSTER_TOO_LARGE: { status: 413, title: "A poster has 512 kB at the most", retryable: false },
  POSTER_SIDE_TOO_LONG: {
    status: 400,
    title: "A poster has 4,096 pixels a side at the most",
    retryable: false,
  },
  POSTERS_TOO_MANY: {
    status: 429,
    title: "No more posters today",
    retryable: true,
  },

  // Idempotency
  IDEMPOTENCY_KEY_MISSING: { status: 400, title: "Send an Idempotency-Key", retryable: false },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    title: "The Idempotency-Key is not valid",
    retryable: false,
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: "This Idempotency-Key was used for another request",
    retryable: false,
  },
  IN_PROGRESS: { status: 409, title: "The first request is still running", retryable: true },

  // Shows and seats
  SHOW_NOT_FOUND: { status: 404, title: "No such show", retryable: false },
  LAYOUT_NOT_FOUND: { status: 404, title: "No such layout", retryable: false },
  POSTER_NOT_FOUND: { status: 404, title: "No such poster", retryable: false },
  TITLE_NOT_FOUND: { status: 404, title: "No such title", retryable: false },
  VENUE_NOT_FOUND: { status: 404, title: "No such venue", retryable: false },
  SHOW_CHANGE_NOT_FOUND: { status: 404, title: "Nobody has asked for this", retryable: false },
  SHOW_CHANGE_RUNNING: { status: 409, title: "This was asked for already", retryable: false },
  SHOW_CHANGE_REFUSED: { status: 409, title: "Nothing was done", retryable: false },
  SHOW_CHANGE_OWN: { status: 409, title: "Somebody else must approve this", retryable: false },
  SHOW_NOT_ON_SALE: { status: 409, title: "The show is not on sale", retryable: false },
  SHOW_CANCELLED: { status: 409, title: "The show is cancelled", retryable: false },
  SEATS_EMPTY: { status: 400, title: "Choose at least one seat", retryable: false },
  SEATS_TOO_MANY: { status: 400, title: "Too many seats in one booking", retryable: false },
  SEATS_DUPLICATE: { status: 400, title: "A seat is named twice", retryable: false },
  SEAT_UNKNOWN: { status: 400, title: "The show has no such seat", retryable: false },
  SEAT_TAKEN: { status: 409, title: "A seat is already taken", retryable: false },
  SEAT_OWN: { status: 409, title: "The booking has or had this seat", retryable: false },
  SEAT_HELD_BACK: { status: 409, title: "A seat is kept for other buyers", retryable: false },
  SEAT_TOO_CLOSE: { status: 409, title: "A seat is too close to other buyers", retryable: false },
  CHANNEL_UNKNOWN: { status: 400, title: "The show has no such channel", retryable: false },
  CHANNEL_CODE_WRONG: {
    status: 403,
    title: "The code does not open this channel",
    retryable: false,
  },
  CHANNEL_CODES_TOO_MANY: { status: 429, title: "Too many wrong codes", retryable: true },
  CHANNEL_CLOSED: { status: 409, title: "The channel is not open", retryable: false },
  AREA_UNKNOWN: { status: 400, title: "The hall has no such area", retryable: false },
  AREA_FULL: { status: 409, title: "The area has not enough free places", retryable: false },
  SEATS_UNAVAILABLE: { status: 409, title: "No free seats fit this wish", retryable: false },
  PRICE_UNKNOWN: { status: 400, title: "The show has no such price", retryable: false },
  SECTION_UNKNOWN: { status: 400, title: "The hall has no such section", retryable: false },
  SEAT_LIMIT_REACHED: {
    status: 409,
    title: "Your seat limit for this show is reached",
    retryable: false,
  },
  PROMO_CODE_INVALID: {
    status: 409,
    title: "The show has no such promo code",
    retryable: false,
  },
  PROMO_CODE_ENDED: {
    status: 409,
    title: "The time of the promo code is over",
    retryable: false,
  },
  PROMO_CODE_EXISTS: {
    status: 409,
    title: "The show has another promo code of this name",
    retryable: false,
  },
  PROMO_CODE_NOT_FOUND: { status: 404, title: "No such promo code", retryable: false },
  PROMO_CODES_TOO_MANY: { status: 409, title: "The show has enough promo codes", retryable: false },
  PERSON_UNKNOWN: { status: 409, title: "Nobody is known by this user id", retryable: false },
  PROMO_CODE_USED: { status: 409, title: "The promo code is used up", retryable: false },
  PRICE_CHANGED: { status: 409, title: "The price has changed", retryable: false },

  WATCHERS_TOO_MANY: {
    status: 429,
    title: "Too many open seat maps at this address",
    retryable: true,
  },
  WATCHING_FULL: { status: 503, title: "No more seat maps can be watched here", retryable: true },

  // Bookings
  BOOKING_NOT_FOUND: { status: 404, title: "No such booking", retryable: false },
  HOLD_EXPIRED: { status: 409, title: "The hold has ended", retryable: false },
  HOLD_LOST: { status: 409, title: "The seats went to somebody else", retryable: false },
  BOOKING_CLOSED: { status: 409, title: "The booking is already closed", retryable: false },
  RESERVE_UNKNOWN: {
    status: 202,
    title: "The answer is not known yet; ask for the booking",
    retryable: true,
  },
  RESERVE_TOO_LATE: { status: 503, title: "The request waited too long", retryable: false },
  HOLD_EXTENSIONS_EXHAUSTED: {
    status: 409,
    title: "The hold cannot be extended any more",
    retryable: false,
  },
  HOLD_COOLDOWN: {
    status: 429,
    title: "Wait before you hold seats of this show again",
    retryable: true,
  },
  HOLD_WOULD_BE_EMPTY: {
    status: 409,
    title: "Nothing would be left of the hold",
    retryable: false,
  },
  HOLD_CHANGES_EXHAUSTED: {
    status: 409,
    title: "The hold cannot be changed any more",
    retryable: false,
  },
  PAYMENT_BEGUN: {
    status: 409,
    title: "The seats stay as they are once a payment has begun",
    retryable: false,
  },
  TICKET_NOT_LIVE: { status: 409, title: "A ticket is not valid any more", retryable: false },
  WALLET_NOT_OFFERED: { status: 404, title: "This wallet is not offered here", retryable: false },
  SHOW_BEGUN: { status: 409, title: "The show has begun", retryable: false },
  TRANSFER_NOT_FOUND: { status: 404, title: "Nobody has offered this ticket", retryable: false },
  TRANSFER_OPEN: { status: 409, title: "The ticket is offered to somebody", retryable: false },
  TRANSFER_CLOSED: { status: 409, title: "The ticket cannot be had any more", retryable: false },
  TRANSFERS_EXHAUSTED: {
    status: 409,
    title: "The ticket was offered too often",
    retryable: false,
  },
  TICKET_NOT_FOUND: { status: 404, title: "No such ticket", retryable: false },

  // The door
  TICKET_ENTERED: { status: 409, title: "A ticket was used at the door", retryable: false },
  ENTRY_NOT_FOUND: { status: 404, title: "Nobody was let in on this ticket", retryable: false },
  GATE_UNKNOWN: { status: 400, title: "There is no such gate", retryable: false },
  GATE_NOT_YOURS: { status: 403, title: "You do not work at this gate", retryable: false },
  GATE_TAKEN: { status: 409, title: "Another venue has a gate of this name", retryable: false },
  DOOR_CLOSED: { status: 409, title: "The door of this show is not open today", retryable: false },
  GATES_TOO_MANY: { status: 409, title: "The organisation has enough gates", retryable: false },

  // Payments
  PAYMENT_NOT_FOUND: { status: 404, title: "No such payment", retryable: false },
  PAYMENT_DECLINED: { status: 402, title: "The payment was declined", retryable: false },
  PAYMENT_AMOUNT_MISMATCH: {
    status: 409,
    title: "The paid amount is not the quoted amount",
    retryable: false,
  },
  PAYMENT_AMOUNT_UNSUPPORTED: {
    status: 409,
    title: "The payment provider cannot take this amount",
    retryable: false,
  },
  PAYMENT_PROVIDER_UNAVAILABLE: {
    status: 503,
    title: "The payment provider does not answer",
    retryable: true,
  },
  PAYMENT_PROVIDER_NOT_OFFERED: {
    status: 409,
    title: "This payment provider is not offered here",
    retryable: false,
  },
  PAYMENT_ALREADY_AUTHORISED: {
    status: 409,
    title: "The booking is paid already",
    retryable: false,
  },
  ADDRESS_LIMIT_REACHED: {
    status: 409,
    title: "At your address enough seats of this show are bought",
    retryable: false,
  },
  CARD_LIMIT_REACHED: {
    status: 409,
    title: "This card may not pay for more seats of this show",
    retryable: false,
  },
  REFUND_NOT_ALLOWED: {
    status: 409,
    title: "These tickets cannot be given back",
    retryable: false,
  },
  REFUND_EXCEEDS_PAYMENT: {
    status: 409,
    title: "More would be given back than was paid",
    retryable: false,
  },
  PAYMENT_ATTEMPTS_EXHAUSTED: {
    status: 409,
    title: "Too many payment attempts for this booking",
    retryable: false,
  },
  WEBHOOK_SIGNATURE_INVALID: {
    status: 400,
    title: "The webhook signature is not valid",
    retryable: false,
  },

  // The house
  CATALOGUE_INVALID: { status: 400, title: "The catalogue has errors", retryable: false },
  SEARCH_UNAVAILABLE: { status: 503, title: "Search is away for the moment", retryable: true },
  BUSY: { status: 503, title: "Too much is asked at this moment", retryable: true },
  UNAVAILABLE: { status: 503, title: "Selling is away for the moment", retryable: true },
  INTERNAL: { status: 500, title: "Something went wrong on our side", retryable: false },
} as const satisfies Record<string, ErrorRow>;

export type ErrorRow = { status: number; title: string; retryable: boolean };
export type ErrorCode = keyof typeof errorTable;
export type ErrorDetails = Record<string, unknown>;

/** An expected outcome that is not success. `details` is shown to the client: no personal data, no secrets. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    // Where an expected outcome was thrown is of no use to anybody, and finding it out costs 10 to 15 µs: more than all checks
    // of an order that is refused. Only our own failures keep their stack, and workflows all: there `Error` is frozen.
    const { stackTraceLimit } = Error;
    if (errorTable[code].status < 500) Reflect.set(Error, "stackTraceLimit", 0);
    super(errorTable[code].title, options);
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
    this.name = "DomainError";
    this.code = code;
    this.details = details;
  }
}

export function isDomainError(error: unknown, code: ErrorCode): error is DomainError {
  return error instanceof DomainError && error.code === code;
}

/** What a DomainError says as `retryAfterSeconds` while so much time is left: whole seconds, one at least. */
export function retryAfterSeconds(leftMs: number): number {
  return Math.max(1, Math.ceil(leftMs / 1_000));
}
