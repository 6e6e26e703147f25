// Reference of one document, drawn by Swagger UI with what the page's element says.
(() => {
  const root = document.documentElement;
  const place = document.getElementById("reference");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.classList.toggle("dark-mode", root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  follow();
  dark.addEventListener("change", follow);
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
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
