/* What pages do beyond their forms and links. Every page works without it. */
(() => {
  "use strict";

  const field = (target) => target instanceof Element && target.matches("input, select, textarea");

  // A form is sent once: the pressed button rests until an answer (or the way back) brings the page again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-download")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    delete form.dataset.changed;
    const button = event.submitter;
    // After this turn, so that the button's own name and value are still sent.
    if (button) setTimeout(() => { button.disabled = true; });
  });

  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button:disabled:not([data-off])")) button.disabled = false;
    }
  });

  // Leaving a form with unsent changes asks first.
  const remember = (event) => {
    const form = field(event.target) && event.target.closest("form[data-guard-leaving]");
    if (form) form.dataset.changed = "yes";
  };
  document.addEventListener("input", remember);
  document.addEventListener("change", remember);
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]:not([data-sent])")) event.preventDefault();
  });

  // Colors change in place; the cookie tells the server for the next page.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-theme-choice") || !event.submitter) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const theme = event.submitter.value;
    const forget = theme === "system";
    document.cookie = `theme=${forget ? "" : theme}; path=/; max-age=${forget ? 0 : 31536000}; samesite=lax`;
    if (forget) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
  }, true);

  // Nobody is signed in: what a page of somebody's had kept in this browser for times without reception goes.
  if (!document.body.hasAttribute("data-signed-in") && "serviceWorker" in navigator && "caches" in window) {
    const gone = () => {};
    caches.delete("my-schedule").catch(gone);
    navigator.serviceWorker.getRegistrations().then((found) => found.forEach((one) => one.unregister())).catch(gone);
  }

  // A page made for paper prints at a click; without this there is the browser's own command.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A page that comes back with errors begins at their summary.
  document.querySelector("[data-focus]")?.focus();
})();
