/**
 * What a link from a mail names, and its key. That stands behind the "#": browsers keep it to themselves, and pages send it in a header
 * only.
 */
export const link = {
  id: location.pathname.split("/").at(-1),
  headers: { "Ticket-Access": location.hash.slice(1) },
  isWhole: location.hash.length > 1,
};

export function byId(id) {
  return document.querySelector(`#${id}`);
}

export function text(id, value) {
  byId(id).textContent = value;
}

/** A sentence that stays until the next one; none: "". */
export function say(sentence) {
  text("said", sentence);
}

/** The venue's own clock, wherever the phone thinks it is, in the pages' own language and as the shop writes it. */
export function onVenueClock(instant, { timeZone }) {
  const format = new Intl.DateTimeFormat("en-GB", {
    dateStyle: "full",
    timeStyle: "short",
    timeZone,
  });
  // "at" stays with its time where the line is too short.
  return format.format(new Date(instant)).replace(/ (?=\d\d:\d\d$)/, "\u00a0");
}
