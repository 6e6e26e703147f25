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

  // Sections of [data-tabs] become tabs; without script they stand one below the other.
  const makeTabs = (scope) => {
    for (const group of scope.querySelectorAll("[data-tabs]:not(.ready)")) {
      group.classList.add("ready");
      const list = document.createElement("div");
      list.className = "tab-list";
      list.setAttribute("role", "tablist");
      const place = `understudy-tab-${group.dataset.tabs}`;
      const panels = [...group.querySelectorAll(":scope > [data-tab]")];
      const show = (name) => {
        for (const panel of panels) panel.hidden = panel.dataset.tab !== name;
        for (const tab of list.children) {
          const isShown = tab.dataset.name === name;
          tab.setAttribute("aria-selected", String(isShown));
          tab.tabIndex = isShown ? 0 : -1;
        }
      };
      for (const panel of panels) {
        const tab = document.createElement("button");
        tab.type = "button";
        tab.textContent = panel.dataset.tab;
        tab.dataset.name = panel.dataset.tab;
        tab.setAttribute("role", "tab");
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-label", panel.dataset.tab);
        for (const title of panel.querySelectorAll(".tab-title")) title.hidden = true;
        tab.addEventListener("click", () => {
          localStorage.setItem(place, panel.dataset.tab);
          show(panel.dataset.tab);
        });
        list.append(tab);
      }
      list.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const tabs = [...list.children];
        const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
        next.focus();
        next.click();
      });
      group.prepend(list);
      const kept = localStorage.getItem(place);
      show(panels.some((panel) => panel.dataset.tab === kept) ? kept : panels[0].dataset.tab);
    }
  };
  const ready = () => makeTabs(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
  document.addEventListener("htmx:afterSettle", ready);

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
    if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
    if (event.target.matches("form.world input") && event.target.checkValidity()) event.target.form.requestSubmit();
  });

  // Empty filters are left out of the address.
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (!elt.matches("form.filters")) return;
    for (const [name, value] of Object.entries(parameters)) if (value === "") delete parameters[name];
  });
})();
