import { byId, link, onVenueClock, say, text } from "../link-parts.js";

// Before the first await: what stands after it is not there yet when the page is filled.
const refusals = {
  400: "This link is not complete. Open it from the mail again.",
  403: "This link is not valid. Open it from the mail again.",
  404: "There is no such ticket.",
  409: "This ticket is not valid any more.",
  503: "The ticket is away for the moment. Reload the page in a minute.",
};

byId("print").addEventListener("click", () => window.print());
keepBy("pdf", () => saveFile("ticket.pdf"));
keepBy("calendar", () => saveFile("event.ics"));
keepBy("apple", () => saveFile("ticket.pkpass"));
keepBy("google", openGoogleWallet);
await showTicket().catch(() =>
  say("The ticket could not be loaded. Check your connection and reload the page."),
);
document.querySelector("main").removeAttribute("aria-busy");

async function showTicket() {
  if (!link.isWhole) return say(refusals[400]);
  const response = await ask("");
  if (!response.ok) return say(refusals[response.status] ?? refusals[503]);
  const ticket = await response.json();
  fill(ticket);
  byId("heading").hidden = true;
  byId("ticket").hidden = false;
  if (ticket.status !== "live") {
    byId("ticket").classList.add("void");
    return say("This ticket is not valid any more.");
  }
  say(ticket.show.status === "cancelled" ? "This show has been cancelled." : "");
  await showCode();
  text("short-code", `${ticket.code.slice(0, 4)} ${ticket.code.slice(4)}`);
}

function fill({ ticketId: id, seat, show, wallets }) {
  document.title = `${show.title}: your ticket`;
  text("title", show.title);
  const rating = show.ageRating && `Rated ${show.ageRating}`;
  text("format", [show.format, rating].filter(Boolean).join(" · "));
  text("when", onVenueClock(show.startsAt, show));
  byId("when").dateTime = show.startsAt;
  text("zone", `Local time in ${show.city} (${show.timeZone})`);
  text("venue", [show.venueName, show.hallName].filter(Boolean).join(", "));
  text("address", [show.venueAddress, show.city].filter(Boolean).join(", "));
  text("section", seat.section || "–");
  text("row", seat.row || "–");
  text("number", String(seat.number ?? seat.seatId));
  // A place of an area has neither.
  const isPlace = seat.number === null && seat.section !== "";
  for (const id of ["row-box", "number-box"]) byId(id).hidden = isPlace;
  text("ticket-id", id);
  for (const wallet of ["apple", "google"]) byId(wallet).hidden = !wallets.includes(wallet);
}

function keepBy(id, keep) {
  const sayAway = () => say(refusals[503]);
  byId(id).addEventListener("click", () => void keep().catch(sayAway));
}

/** By a header with the key, which the address of a link would tell. */
async function saveFile(name) {
  const response = await ask(`/${name}`);
  if (!response.ok) return say(refusals[response.status] ?? refusals[503]);
  const file = document.createElement("a");
  file.href = URL.createObjectURL(await response.blob());
  file.download = name;
  file.click();
  URL.revokeObjectURL(file.href);
}

async function openGoogleWallet() {
  const response = await ask("/google-wallet");
  if (!response.ok) return say(refusals[response.status] ?? refusals[503]);
  const { url } = await response.json();
  location.assign(url);
}

async function showCode() {
  const response = await ask("/qr.svg");
  if (!response.ok) return say(refusals[503]);
  const picture = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
  const svg = document.importNode(picture.documentElement, true);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "The code of this ticket");
  byId("code").replaceChildren(svg);
}

function ask(what) {
  return fetch(`/v1/tickets/${link.id}${what}`, { headers: link.headers });
}
