/** What the page is made of. */
export function byId(id) {
  return document.getElementById(id);
}

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A sentence that stays until the next one; none: "". */
export function say(sentence) {
  byId("said").textContent = sentence;
  byId("said").hidden = sentence === "";
}

/** One of the three screens. */
export function show(name) {
  for (const one of ["sign-in", "choose", "scan"]) byId(one).hidden = one !== name;
  byId("leave").hidden = name !== "scan";
}

/** On the clock of the device, as the times of shows are written. */
export function clock(moment) {
  return new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
