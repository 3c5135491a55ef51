// The reference follows the reader's colour scheme, as our own pages do by themselves.
const dark = matchMedia("(prefers-color-scheme: dark)");
const followScheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followScheme);
followScheme();

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  // Deep links would be links inside of buttons, which keyboards and screen readers cannot tell apart.
  deepLinking: false,
  // Every operation shows the schemas that it uses.
  defaultModelsExpandDepth: -1,
  // What stands above the operations is in no landmark, and could be passed over.
  onComplete: () => document.querySelector(".information-container").setAttribute("role", "banner"),
});
