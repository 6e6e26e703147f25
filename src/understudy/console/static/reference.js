// Reference of one document, drawn by Swagger UI with what the page's element says.
(() => {
  const root = document.documentElement;
  const place = document.getElementById("reference");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.classList.toggle("dark-mode", root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  follow();
  dark.addEventListener("change", follow);
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  // What screen readers need and Swagger UI lacks: the select's name, one main part of a page, no link inside a button.
  const mend = () => {
    place.querySelector("#servers")?.setAttribute("aria-label", "Server");
    place.querySelector("main")?.setAttribute("role", "group");
    for (const link of place.querySelectorAll(".opblock-summary-control a[href]")) link.removeAttribute("href");
  };
  new MutationObserver(mend).observe(place, { childList: true, subtree: true });
  SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    defaultModelRendering: "model",
    displayRequestDuration: true,
    filter: true,
    validatorUrl: null,
    tryItOutEnabled: false,
    queryConfigEnabled: false,
    onComplete: () => place.setAttribute("aria-busy", "false"),
  });
})();
