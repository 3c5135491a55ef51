const list = document.querySelector("#people");
const said = document.querySelector("#said");
const field = document.querySelector("#token");

const { people } = await (await fetch("/people")).json();
for (const person of people) list.append(row(person));

function row({ handle, name, userId, roles = [] }) {
  const item = document.createElement("li");
  const who = document.createElement("span");
  const id = document.createElement("code");
  const button = document.createElement("button");
  id.textContent = userId;
  const known = roles.length === 0 ? name : `${name} (${roles.join(", ")})`;
  who.append(known, document.createElement("br"), id);
  button.textContent = "Copy token";
  button.setAttribute("aria-label", `Copy token of ${name}`);
  button.addEventListener("click", () => void copyToken(handle, name));
  item.append(who, button);
  return item;
}

async function copyToken(person, name) {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person }),
  });
  const { token } = await response.json();
  field.value = token;
  field.hidden = false;
  const copied = await navigator.clipboard.writeText(token).then(
    () => true,
    () => false,
  );
  said.textContent = copied ? `${name}'s token is copied.` : "Copy the token from here:";
}
