/* Keeps a copy of the schedule in the phone for when there is no reception. The page works without it. */
(() => {
  "use strict";
  const place = document.querySelector("[data-worker]");
  if (!place || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(place.dataset.worker, { scope: place.dataset.scope }).catch(() => {});
})();
