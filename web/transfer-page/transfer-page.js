// The key of the link stands behind the "#": browsers keep it to themselves, and this page sends it in a header only.
const transferId = location.pathname.split("/").at(-1);
const access = location.hash.slice(1);

const said = byId("said");
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
const away = "The ticket is away for the moment. Try again in a minute.";
const offline = "Nothing could be loaded. Check your connection and try again.";

byId("accept").addEventListener("click", () => void accept().catch(() => say(offline)));
await show().catch(() => say(offline));
document.querySelector("main").removeAttribute("aria-busy");

async function show() {
  if (access === "") return say(refusals.ID_MALFORMED);
  const response = await ask("GET", "");
  const offer = await response.json();
  if (!response.ok) return say(refusals[offer.code] ?? away);
  fill(offer);
  byId("ticket").hidden = false;
  byId("accept").hidden = offer.status !== "open";
  byId("until").hidden = offer.status !== "open";
  say(endings[offer.status] ?? "");
}

async function accept() {
  byId("accept").disabled = true;
  try {
    const response = await ask("POST", "/accept");
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

/** The venue's own clock, wherever the phone thinks it is. */
function onVenueClock(instant, { timeZone }) {
  const format = new Intl.DateTimeFormat(undefined, {
    dateStyle: "full",
    timeStyle: "short",
    timeZone,
  });
  return format.format(new Date(instant));
}

function ask(method, what) {
  const headers = { "Ticket-Access": access };
  return fetch(`/v1/transfers/${transferId}${what}`, { method, headers });
}

function say(sentence) {
  said.textContent = sentence;
}

function text(id, value) {
  byId(id).textContent = value;
}

function byId(id) {
  return document.querySelector(`#${id}`);
}
