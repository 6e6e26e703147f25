// Behaviour of every page: copying, light or dark, keys. Handlers sit on the document, so that they serve what htmx puts in.
(() => {
  const root = document.documentElement;

  const copy = async (button) => {
    const source = button.dataset.copyOf ? document.getElementById(button.dataset.copyOf) : null;
    const text = source ? source.dataset.secret ?? source.textContent : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea"); // where the page is neither of this machine nor https
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.classList.add("done");
    const label = button.getAttribute("aria-label");
    button.setAttribute("aria-label", "Copied");
    setTimeout(() => {
      button.classList.remove("done");
      button.setAttribute("aria-label", label);
    }, 1200);
  };

  const toggleTheme = () => {
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    localStorage.setItem("understudy-theme", root.dataset.theme);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".copy")) copy(button);
    if (button.matches("[data-theme-toggle]")) toggleTheme();
  });

  document.addEventListener("keydown", (event) => {
    const isTyping = /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  // A world is chosen as soon as it is picked from the list.
  document.addEventListener("change", (event) => {
    if (event.target.matches("form.world input") && event.target.checkValidity()) event.target.form.requestSubmit();
  });
})();
