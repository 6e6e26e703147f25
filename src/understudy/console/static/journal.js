// Live journal: a stream of events says that there are new calls, and the element #live asks for their rows.
(() => {
  const MAX_ROWS = 500;
  const button = document.querySelector("[data-live]");
  if (!button) return;
  const text = button.querySelector("[data-live-text]");
  let source = null;
  let newest = null;
  let isAsking = false;

  const shown = () => {
    const live = document.getElementById("live");
    return live ? Number(live.dataset.newest) : null;
  };

  const show = (state, label) => {
    const isOlder = state === "live" && shown() === null; // a page of older calls, or of a refused filter
    button.dataset.state = isOlder ? "older" : state;
    text.textContent = isOlder ? "New calls are on the first page" : label;
  };

  const ask = () => {
    const last = shown();
    if (isAsking || last === null || newest === null || newest === last) return;
    if (newest < last) {
      location.reload(); // the world was made anew: its numbers begin again
      return;
    }
    isAsking = true;
    htmx.trigger(document.body, "exchanges");
  };

  const connect = () => {
    if (source || document.hidden || button.getAttribute("aria-pressed") !== "true") return;
    show("waiting", "Connecting");
    source = new EventSource(button.dataset.events);
    source.addEventListener("open", () => show("live", "Live"));
    source.addEventListener("error", () => show("waiting", "Reconnecting"));
    source.addEventListener("exchanges", (event) => {
      newest = JSON.parse(event.data).newest;
      ask();
    });
  };

  const disconnect = () => {
    if (source) source.close(); // a browser opens few connections to a server: hidden pages have none
    source = null;
  };

  const trim = () => {
    const rows = document.getElementById("rows");
    if (!rows || rows.children.length <= MAX_ROWS) return;
    while (rows.children.length > MAX_ROWS) rows.lastElementChild.remove();
    const older = document.querySelector("[data-older]");
    const last = rows.lastElementChild.querySelector(".number");
    if (!older || !last) return;
    const address = new URL(older.href);
    address.searchParams.set("before", last.textContent.trim());
    older.href = address.href;
  };

  document.body.addEventListener("htmx:afterSettle", () => {
    isAsking = false;
    if (source && source.readyState === EventSource.OPEN) show("live", "Live");
    trim();
    setTimeout(ask, 250); // at most four questions a second, however many calls there are
  });
  document.body.addEventListener("htmx:responseError", () => { isAsking = false; });
  document.body.addEventListener("htmx:sendError", () => { isAsking = false; });
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  button.addEventListener("click", () => {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isOn));
    if (isOn) connect();
    else {
      disconnect();
      show("paused", "Paused");
    }
  });
  connect();
})();
