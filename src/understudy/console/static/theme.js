// Light or dark as chosen, before the page is painted.
(() => {
  const chosen = localStorage.getItem("understudy-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  document.documentElement.classList.add("has-script");
})();
