// The address says which booking this is about, and anybody can write an address: it is shown, and believed by nobody. PayPal adds
// a token and a payer's id, which nobody needs: whoever hears of the return confirms the booking with the buyer's own session, and
// Marquee asks PayPal.
const booking = new URLSearchParams(location.search).get("booking") ?? "";

if (/^bk_[\w-]{1,100}$/.test(booking)) {
  const line = document.querySelector("#booking");
  line.textContent = `Booking ${booking}`;
  line.hidden = false;
  // Where the shop is sold by these pages themselves, the page of the booking is one of them.
  const way = document.querySelector("#way-back");
  way.href = `/bookings/${booking}`;
  way.parentElement.hidden = false;
  // To pages of this origin only.
  const outcome = document.documentElement.dataset.outcome;
  new BroadcastChannel("marquee-checkout").postMessage({ booking, outcome });
}
// So that no bookmark or shared address carries what PayPal has added.
history.replaceState(null, "", location.pathname);
