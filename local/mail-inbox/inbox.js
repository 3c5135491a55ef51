// Shows the mails and asks for new ones every two seconds.
const list = document.getElementById("list");
const article = document.getElementById("mail");
let shown = "";
let known = "";

async function refresh() {
  const response = await fetch("/api/messages");
  const { messages } = await response.json();
  document.getElementById("empty").hidden = messages.length > 0;
  const key = messages.map((message) => message.messageId + message.receivedAt).join();
  if (key === known) return;
  known = key;
  list.replaceChildren(...messages.map(entry));
  if (shown === "" && messages.length > 0) show(messages[0]);
}

function entry(message) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const small = document.createElement("small");
  small.textContent = `${message.to.join(", ")} · ${new Date(message.receivedAt).toLocaleTimeString()}`;
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
