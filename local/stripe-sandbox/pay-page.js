// What Stripe.js does for a shop: confirm with the publishable key and the client secret, and show what came of it.
const clientSecret = location.hash.slice(1);
const intentId = clientSecret.split("_secret_")[0];
const authorization = "Bearer pk_test_marquee_local_fake";

const amount = document.getElementById("amount");
const status = document.getElementById("status");
const cards = document.getElementById("cards");
const challenge = document.getElementById("challenge");
const buttons = document.querySelectorAll("button");

const link = document.getElementById("return");
const way = readWayBack();

/** Where the shop wants its buyer back, if that is on this machine. */
function readWayBack() {
  const back = new URLSearchParams(location.search).get("return");
  if (back === null || !URL.canParse(back)) return undefined;
  const url = new URL(back);
  const isHere = ["127.0.0.1", "localhost", location.hostname].includes(url.hostname);
  return isHere && ["http:", "https:"].includes(url.protocol) ? url : undefined;
}

/** Stripe says on the way back how it went, by this parameter. */
function wayBack(status, refused) {
  const url = new URL(way);
  const isPaid = ["requires_capture", "succeeded"].includes(status);
  if (isPaid || refused) url.searchParams.set("redirect_status", isPaid ? "succeeded" : "failed");
  return url.href;
}

const texts = {
  requires_payment_method: ["Not paid yet.", ""],
  requires_confirmation: ["Not paid yet.", ""],
  requires_action: ["Waiting for your bank.", ""],
  requires_capture: ["Thank you. The money is set aside.", "good"],
  succeeded: ["Thank you. Paid.", "good"],
  canceled: ["This payment is over. Nothing was taken.", "bad"],
};

function say(text, tone) {
  status.textContent = text;
  status.dataset.tone = tone;
}

function show(intent) {
  const money = new Intl.NumberFormat(undefined, {
    style: "currency",
    currency: intent.currency,
  });
  const digits = money.resolvedOptions().maximumFractionDigits;
  amount.textContent = money.format(intent.amount / 10 ** digits);
  const [text, tone] = texts[intent.status] ?? [intent.status, ""];
  const refused = intent.status === "requires_payment_method" && intent.last_payment_error;
  say(refused ? intent.last_payment_error.message : text, refused ? "bad" : tone);
  if (way !== undefined) link.href = wayBack(intent.status, Boolean(refused));
  cards.hidden = !["requires_payment_method", "requires_confirmation"].includes(intent.status);
  challenge.hidden = intent.status !== "requires_action";
}

async function ask(path, init) {
  for (const button of buttons) button.disabled = true;
  try {
    const response = await fetch(path, init);
    const body = await response.json();
    const intent = body.object === "payment_intent" ? body : body.error?.payment_intent;
    if (intent) show(intent);
    else say(body.error?.message ?? "Something went wrong.", "bad");
  } catch {
    say("No answer. Nothing is lost: try again.", "bad");
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

async function act(path, init) {
  say("One moment…", "");
  await ask(path, init);
  // The button that was pressed may be gone; the news is where the reader should be.
  status.focus();
}

for (const button of document.querySelectorAll("[data-card]")) {
  button.addEventListener("click", () => {
    void act(`/v1/payment_intents/${intentId}/confirm`, {
      method: "POST",
      headers: { authorization },
      body: new URLSearchParams({
        client_secret: clientSecret,
        payment_method: button.dataset.card,
      }),
    });
  });
}

for (const button of document.querySelectorAll("[data-challenge]")) {
  button.addEventListener("click", () => {
    void act(`/_sandbox/payment_intents/${intentId}/challenge`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ client_secret: clientSecret, outcome: button.dataset.challenge }),
    });
  });
}

if (way !== undefined) {
  link.href = way.href;
  link.hidden = false;
}

addEventListener("hashchange", () => location.reload());
if (clientSecret === "") {
  say("Start a payment, then open this page with # and its client secret behind the address.", "");
} else {
  void ask(
    `/v1/payment_intents/${intentId}?${new URLSearchParams({ client_secret: clientSecret })}`,
    { headers: { authorization } },
  );
}
