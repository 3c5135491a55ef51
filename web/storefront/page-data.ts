/**
 * What the API gives to the pages of the shop, as JSON could carry it. Nothing in here is of one person: pages are the same for
 * everybody who reads the same language. The API imports these types and no code of the shop.
 */
export type PageData = {
  home: ResultsPage;
  search: ResultsPage;
  title: TitlePage;
  venue: VenuePage;
  bookings: Record<never, never>;
  wallet: Record<never, never>;
  booking: { bookingId: string; ways: PaymentWays };
  show: ShowPage;
  "waiting-list": WaitingListPage;
  account: Record<never, never>;
  "not-found": Record<never, never>;
  trouble: { code: string; requestId: string | undefined };
};

/** How buyers can pay here. */
export type PaymentWays = {
  card:
    /** Stripe's own form, in the page of the booking. */
    | { kind: "form"; publishableKey: string }
    /** A page of the provider's: the sandbox on one machine. */
    | { kind: "page"; address: string }
    | undefined;
  paypal: boolean;
};

export type PageName = keyof PageData;

export type Language = "en" | "de";

/** What every page needs beside its data. */
export type PageFrame = {
  language: Language;
  /** Path and query, as they were asked for, without `lang`. */
  address: string;
  /** Of the shop, without a slash at its end. */
  publicUrl: string;
  nowMs: number;
  files: ClientFiles;
};

/** Addresses of what browsers load, from the client's build. */
export type ClientFiles = {
  entry: string;
  styles: string[];
  /** By the name of an island: what it needs beside the entry. */
  islands: Record<string, { scripts: string[]; styles: string[] }>;
};

/** What the built server file exports. */
export type StorefrontServer = {
  languages: readonly Language[];
  /** A whole document. */
  renderPage<Name extends PageName>(page: Name, data: PageData[Name], frame: PageFrame): string;
};

export type Money = { amountMinor: number; currency: string };

export type Poster = { url: string; width: number; height: number };

export type Availability = "available" | "few" | "sold_out";

/** Instants are ISO; `localDate` and `localTime` are on the venue's own calendar and clock. */
export type ShowSummary = {
  showId: string;
  titleId: string;
  title: string;
  genre: string;
  language: string;
  format: string;
  people: string[];
  durationMinutes: number;
  ageRating: string;
  venueId: string;
  venueName: string;
  hallName: string;
  city: string;
  timeZone: string;
  startsAt: string;
  localDate: string;
  localTime: string;
  salesOpenAt: string;
  salesCloseAt: string;
  status: "scheduled" | "cancelled";
  priceFrom: Money;
  priceTo: Money;
  availability: Availability;
  poster?: Poster | null | undefined;
};

export type Title = {
  titleId: string;
  name: string;
  kind: "film" | "concert" | "theatre" | "comedy" | "sport";
  genre: string;
  language: string;
  people: string[];
  synopsis: string;
  durationMinutes: number;
  ageRating: string;
  poster?: Poster | null | undefined;
};

export type TitlePage = Title & { shows: ShowSummary[] };

export type Venue = {
  venueId: string;
  name: string;
  city: string;
  country: string;
  timeZone: string;
  address: string;
  latitude: number;
  longitude: number;
};

export type VenuePage = Venue & { shows: ShowSummary[] };

/** What somebody looks for, as it is in the address. `date`: YYYY-MM-DD or a word for a day. */
export type Wishes = Partial<Record<WishName, string>>;

export type WishName =
  "q" | "city" | "date" | "genre" | "language" | "format" | "availability" | "sort";

/** Titles with their next shows. */
export type ResultsPage = {
  wishes: Wishes;
  titles: FoundTitle[];
  /** undefined: nobody has counted. */
  total?: number | undefined;
  facets?: Partial<Record<string, FacetValue[]>> | undefined;
  /** Nothing was found for all that was asked; this was, without it. */
  relaxed?: { dropped: "date" | "place" | "word"; word?: string | undefined }[] | undefined;
  nextCursor?: string | undefined;
  isFirst: boolean;
};

export type FacetValue = { value: string; count: number };

export type FoundTitle = {
  titleId: string;
  title: string;
  /** Also those that are not shown here. undefined: nobody has counted. */
  showsTotal?: number | undefined;
  shows: FoundShow[];
};

/** Words that were looked for are marked; text without any is left out. */
export type FoundShow = ShowSummary & {
  highlights?:
    | {
        title?: TextPart[] | undefined;
        people?: TextPart[][] | undefined;
        venueName?: TextPart[] | undefined;
        city?: TextPart[] | undefined;
      }
    | undefined;
};

export type TextPart = { text: string; marked: boolean };

/** `amount` and `fee` are paid together. */
export type Price = { priceCode: string; name: string; amount: Money; fee: Money };

export type Show = {
  showId: string;
  title: Title;
  venue: Venue;
  hallName: string;
  layoutHash: string;
  seatCount: number;
  format: string;
  startsAt: string;
  localDate: string;
  localTime: string;
  salesOpenAt: string;
  salesCloseAt: string;
  status: "scheduled" | "cancelled";
  currency: string;
  seatsPerBuyerMax: number;
  channels: { channel: string; name: string; opensAt: string; closesAt: string | null }[];
  prices: Price[];
};

/**
 * How a show stands. `presale`: only those who come through a channel can buy; `closed`: it has not begun, and is not sold any more.
 */
export type Phase = "cancelled" | "past" | "before" | "presale" | "open" | "sold_out" | "closed";

/** What is free in a section, or in an area without seats, at one price with its fee. */
export type FreeSeats = {
  section: string;
  priceName: string;
  price: Money;
  free: number;
};

export type ShowPage = Show & {
  phase: Phase;
  hasLine: boolean;
  /** undefined: nobody can say just now. */
  freeSeats: FreeSeats[] | undefined;
};

/** What choosing seats takes of a show. */
export type PickedShow = Pick<
  Show,
  "showId" | "layoutHash" | "currency" | "prices" | "seatsPerBuyerMax"
>;

/** `partySizeMax`: so many may wait together. */
export type WaitingListPage = Show & { partySizeMax: number };

/** What the island `waiting-list` is given. */
export type WaitingListProps = Pick<WaitingListPage, "showId" | "partySizeMax" | "prices">;

/** What the island `seat-picker` is given. */
export type SeatPickerProps = PickedShow & {
  openChannels: { channel: string; name: string }[];
  /** Those alone can buy who come through a channel. */
  isPresale: boolean;
};
