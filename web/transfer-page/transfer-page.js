import { byId, link, onVenueClock, say, text } from "../link-parts.js";

const endings = {
  accepted: "This ticket was accepted. Its link is in a mail to whoever has it now.",
  cancelled: "This ticket is not offered any more.",
  expired: "This ticket was to be accepted earlier. Ask its owner to offer it once more.",
};
const refusals = {
  TICKET_ACCESS_INVALID: "This link is not valid. Open it from the mail again.",
  ID_MALFORMED: "This link is not complete. Open it from the mail again.",
  TRANSFER_NOT_FOUND: "There is no such ticket.",
  TRANSFER_CLOSED: "This ticket cannot be had any more.",
  TICKET_NOT_LIVE: "This ticket is not valid any more: it was given back, or has another seat.",
  TICKET_ENTERED: "Somebody has come in with this ticket.",
  SHOW_BEGUN: "The show has begun.",
  SHOW_CANCELLED: "This show is cancelled.",
};
const nobodyIs = new Set(["TOKEN_MISSING", "SIGN_IN_NOT_OFFERED"]);
const away = "The ticket is away for the moment. Try again in a minute.";
const offline = "Nothing could be loaded. Check your connection and try again.";

byId("accept").addEventListener("click", () => void accept().catch(() => say(offline)));
await show().catch(() => say(offline));
document.querySelector("main").removeAttribute("aria-busy");

async function show() {
  if (!link.isWhole) return say(refusals.ID_MALFORMED);
  const response = await ask("GET", "");
  const offer = await response.json();
  if (!response.ok) return say(refusals[offer.code] ?? away);
  fill(offer);
  byId("ticket").hidden = false;
  const isOpen = offer.status === "open";
  for (const id of ["why", "open"]) byId(id).hidden = !isOpen;
  say(endings[offer.status] ?? "");
  // Who accepts is asked again.
  if (isOpen) await sayWhose().catch(() => undefined);
}

/**
 * A ticket that is accepted by the link alone is in nobody's list: who wants it there signs in before. Answers with the token of
 * whoever is signed in here; undefined: nobody is. Throws where nobody can say.
 */
async function sayWhose() {
  const response = await fetch("/v1/session/token", { method: "POST" });
  const { accessToken, code } = await response.json();
  byId("yours").hidden = accessToken === undefined;
  byId("sign-in-first").hidden = code !== "TOKEN_MISSING";
  if (accessToken === undefined && !nobodyIs.has(code)) throw new Error(code);
  return accessToken;
}

async function accept() {
  byId("accept").disabled = true;
  try {
    const isToBeYours = !byId("yours").hidden;
    const token = await sayWhose().catch(() => "unknown");
    if (token === "unknown" || (isToBeYours && token === undefined)) return say(away);
    const signedIn = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const response = await ask("POST", "/accept", signedIn);
    const answer = await response.json();
    if (!response.ok) return say(refusals[answer.code] ?? away);
    location.assign(`/tickets/${answer.ticketId}#${answer.ticketAccess}`);
  } finally {
    byId("accept").disabled = false;
  }
}

function fill({ seat, show: about, expiresAt }) {
  document.title = `A ticket for ${about.title}`;
  text("title", about.title);
  text("when", onVenueClock(about.startsAt, about));
  byId("when").dateTime = about.startsAt;
  text("zone", `Local time in ${about.city} (${about.timeZone})`);
  text("venue", [about.venueName, about.hallName, about.city].filter(Boolean).join(", "));
  text("seat", seat);
  text("until", `Accept it until ${onVenueClock(expiresAt, about)}.`);
}

function ask(method, what, headers = {}) {
  return fetch(`/v1/transfers/${link.id}${what}`, {
    method,
    headers: { ...link.headers, ...headers },
  });
}
