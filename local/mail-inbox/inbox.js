// Shows the mails and asks for new ones every two seconds.
const list = document.getElementById("list");
const article = document.getElementById("mail");
const shortTime = { dateStyle: "medium", timeStyle: "short" };
let shown = "";
let known = "";

async function refresh() {
  const response = await fetch("/api/messages");
  const { messages } = await response.json();
  document.getElementById("empty").hidden = messages.length > 0;
  const key = messages.map((message) => message.messageId + message.receivedAt).join();
  if (key === known) return;
  known = key;
  const focused = document.activeElement?.dataset.id;
  list.replaceChildren(...messages.map(entry));
  // A mail that comes must not take the place of somebody who reads by keyboard.
  if (focused !== undefined) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  if (shown === "" && messages.length > 0) show(messages[0]);
}

function entry(message) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const small = document.createElement("small");
  const when = new Date(message.receivedAt);
  small.textContent = `${message.to.join(", ")} · ${when.toLocaleString(undefined, shortTime)}`;
  button.append(message.subject, small);
  button.dataset.id = message.messageId;
  button.setAttribute("aria-current", String(message.messageId === shown));
  button.addEventListener("click", () => show(message));
  item.append(button);
  return item;
}

function show(message) {
  shown = message.messageId;
  article.hidden = false;
  document.getElementById("subject").textContent = message.subject;
  document.getElementById("meta").textContent = `To ${message.to.join(", ")}`;
  document.getElementById("text").textContent = message.text;
  document.getElementById("body").srcdoc = message.html.replace(
    "<head>",
    '<head><base target="_blank">',
  );
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.id === shown));
  }
}

await refresh();
setInterval(() => void refresh().catch(() => undefined), 2_000);
