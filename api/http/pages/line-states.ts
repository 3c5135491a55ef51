import type { LineView } from "../../../domain/line.ts";
import type { LineFacts } from "./line-facts.ts";
import { localTime } from "./local-moment.ts";

/** What the page says and offers, by where somebody stands. `act` is a form of the page, or the address of another page. */
export type LineState = {
  name: "outside" | "drawing" | "waiting" | "called" | "inside" | "missed" | "replaced";
  title: string;
  text: string[];
  acts: { act: string; label: string; isMain: boolean }[];
  /** Nothing changes any more by itself. */
  isFinal?: boolean;
};

export function lineState(page: LineFacts): LineState {
  const { place, passUntilMs } = page;
  if (place === undefined) return outside(page);
  if (passUntilMs !== undefined) return inside(page, passUntilMs);
  const { standing, turn } = place;
  if (standing.state === "drawing") return drawing(page);
  if (standing.state === "waiting") return waiting(page);
  if (turn.outcome === "inside") return called(page, turn.untilMs);
  if (turn.outcome === "missed") return missed;
  return turn.outcome === "replaced" ? replaced : waiting(page);
}

const join = { act: "join", label: "Join the line", isMain: true };
const leave = { act: "leave", label: "Leave the line", isMain: false };

function outside(page: LineFacts): LineState {
  const { line } = page;
  const { opensAtMs, drawAtMs, guestsAllowed } = line;
  const hasDraw = drawAtMs > opensAtMs;
  const isOpen = line.phase !== "before";
  const how = [
    ...(hasDraw && line.phase === "before"
      ? [`Everybody who joins before the draw at ${time(page, drawAtMs)} has the same chance.`]
      : []),
    ...(line.phase === "gathering"
      ? [
          `Join before ${time(page, drawAtMs)}: then all places are shuffled. Whoever comes first is not called first.`,
        ]
      : []),
    ...(isOpen && line.phase !== "gathering"
      ? ["Whoever joins now stands behind everybody who came before.", ...standstill(page)]
      : []),
  ];
  if (!isOpen) {
    return {
      ...{ name: "outside", title: `The line opens at ${time(page, opensAtMs)}`, acts: [] },
      text: [...how, "Then you can join on this page. You need not reload it."],
    };
  }
  if (guestsAllowed) {
    const acts = [...waitingListLink(page), join];
    return { name: "outside", title: "You are not in line yet", text: how, acts };
  }
  const where = "Sign in on the page or app where you buy tickets, and join the line there.";
  return {
    ...{ name: "outside", title: "You are not in line yet" },
    text: [...how, where, "After that this page shows your place."],
    acts: [...waitingListLink(page), ...shopLink(page, "Sign in and join")],
  };
}

function drawing(page: LineFacts): LineState {
  return {
    ...{ name: "drawing", title: "You take part in the draw", acts: [leave] },
    text: [
      `At ${time(page, page.line.drawAtMs)} all places are shuffled, and this page shows your number.`,
      "Nothing that you do before changes your chance: not reloading, and not a second device.",
      keepOpen,
    ],
  };
}

function waiting(page: LineFacts): LineState {
  return {
    ...{ name: "waiting", title: "You are in line", acts: [...waitingListLink(page), leave] },
    text: [
      ...standstill(page),
      "When your number is called this page says so, and you have two minutes to come in.",
      keepOpen,
    ],
  };
}

const keepOpen =
  "Keep this page open. A place that we do not hear of for five minutes is passed over.";

function called(page: LineFacts, untilMs: number): LineState {
  const until = `Come in before ${time(page, untilMs, true)}, or the next person is called.`;
  const base = { name: "called", title: "It is your turn" } as const;
  if (page.place?.isGuest !== true) {
    return {
      ...base,
      text: [until],
      acts: [{ act: "enter", label: "Come in", isMain: true }, leave],
    };
  }
  return {
    ...base,
    text: [
      until,
      "Sign in on the page or app where you buy tickets, in this same browser. It lets you in with your place.",
    ],
    acts: [...shopLink(page, "Sign in and come in"), leave],
  };
}

function inside(page: LineFacts, untilMs: number): LineState {
  return {
    ...{ name: "inside", title: "You are in" },
    text: [
      `You may choose seats until ${time(page, untilMs, true)}. Seats that you hold by then stay yours to pay for.`,
      page.shopUrl === undefined
        ? "Go on in the page or app where you buy tickets, in this same browser."
        : "",
      "You need more time? Take two minutes more, as often as you like, up to half an hour in all.",
    ].filter((text) => text !== ""),
    acts: [
      ...shopLink(page, "Choose seats"),
      { act: "enter", label: "More time", isMain: page.shopUrl === undefined },
      { ...leave, label: "I am done: let the next person in" },
    ],
  };
}

const missed: LineState = {
  ...{ name: "missed", title: "You have missed your turn", isFinal: true },
  text: [
    "Your number was called, and you did not come in within two minutes, or your time inside is over.",
    "You can join again, behind everybody who is in line now.",
  ],
  acts: [{ ...join, label: "Join again" }],
};

const replaced: LineState = {
  ...{ name: "replaced", title: "You have another place", isFinal: true },
  text: ["This place is not yours any more: you have joined again on another device."],
  acts: [{ ...join, label: "Show my place" }],
};

/** Why nobody is called now, if so. */
function standstill(page: LineFacts): string[] {
  const reasons: Partial<Record<LineView["phase"], string>> = {
    waiting: `People are called from ${time(page, page.line.admitFromMs)} on.`,
    paused: "The organiser has paused the line. Your place stays as it is.",
    sold_out:
      "Every seat is sold now. Some come back when payments fail or people change their mind, and then the line goes on. Your place stays as it is.",
    recovering:
      "The line is being put together again, which may take a few minutes. Places stay as they are.",
  };
  const reason = reasons[page.line.phase];
  return reason === undefined ? [] : [reason];
}

function shopLink({ shopUrl }: LineFacts, label: string): LineState["acts"] {
  return shopUrl === undefined ? [] : [{ act: shopUrl, label, isMain: true }];
}

/** What comes back goes to those on the waiting list first. */
function waitingListLink({ line, showId }: LineFacts): LineState["acts"] {
  if (line.phase !== "sold_out") return [];
  const act = `/shows/${showId}/waiting-list`;
  return [{ act, label: "Tell me when seats come back", isMain: true }];
}

function time({ show }: LineFacts, atMs: number, seconds = false): string {
  return localTime(atMs, show.venue.timeZone, { seconds });
}
