// The map works without this: a seat is found by its id then. Here it is opened by a click, or by the arrow keys and Enter.
const map = document.querySelector("#map");
const hall = document.querySelector("#hall");
const said = document.querySelector("#map-seat");
let here = null;

if (map !== null && hall !== null) begin();

function begin() {
  document.querySelector("#map-help").hidden = false;
  hall.setAttribute("tabindex", "0");
  hall.addEventListener("click", (event) =>
    open(event.target.closest("[data-seat]") ?? nearest(event)),
  );
  hall.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (event.key === "Enter" && here !== null) open(here);
    if (way === undefined) return;
    event.preventDefault();
    goTo(here === null ? hall.querySelector("[data-seat]") : next(here, way));
  });
}

const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function open(seat) {
  if (seat !== null) location.assign(map.dataset.at + encodeURIComponent(seat.dataset.seat));
}

function goTo(seat) {
  here?.classList.remove("here");
  here = seat;
  here.classList.add("here");
  here.scrollIntoView({ block: "nearest", inline: "nearest" });
  said.textContent = `${here.dataset.seat}: ${here.parentElement.getAttribute("class")}`;
}

/** The nearest seat on that side; how far it is off the way counts double. */
function next(seat, [right, down]) {
  const from = placeOf(seat);
  let [best, shortest] = [seat, Infinity];
  for (const other of hall.querySelectorAll("[data-seat]")) {
    const place = placeOf(other);
    const [x, y] = [place.x - from.x, place.y - from.y];
    const along = x * right + y * down;
    const off = Math.abs(x * down) + Math.abs(y * right);
    if (along < 1 || off > along * 2) continue;
    if (along + off * 2 < shortest) [best, shortest] = [other, along + off * 2];
  }
  return best;
}

/** A finger is wider than a seat: the nearest one within two seats of it. */
function nearest(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(
    hall.getScreenCTM().inverse(),
  );
  let [best, shortest] = [null, 20];
  for (const seat of hall.querySelectorAll("[data-seat]")) {
    const { x, y } = placeOf(seat);
    const distance = Math.hypot(x - point.x, y - point.y);
    if (distance < shortest) [best, shortest] = [seat, distance];
  }
  return best;
}

/** From its attributes: to ask the browser for 20,000 boxes takes a second. */
function placeOf(seat) {
  if (seat.localName === "circle")
    return { x: Number(seat.getAttribute("cx")), y: Number(seat.getAttribute("cy")) };
  const [, x, y] = /^M(-?\d+) (-?\d+)/.exec(seat.getAttribute("d"));
  return { x: Number(x) + 4, y: Number(y) + 4 };
}
