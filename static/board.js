/* The placement board beyond its links: panels in place of pages, dragging, arrow keys. Everything works without it. */
(() => {
  "use strict";

  const frame = document.getElementById("board-panel-frame");
  const panel = document.getElementById("board-panel");

  const board = () => document.getElementById("board");
  const asDate = (text) => Date.parse(`${text}T00:00:00Z`);
  const asText = (time) => new Date(time).toISOString().slice(0, 10);

  // Panels ---------------------------------------------------------------------------------------
  const ask = (method, url, values) =>
    window.htmx.ajax(method, url, { target: "#board-panel", swap: "innerHTML", source: panel, values });

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || event.defaultPrevented) return;
    const link = event.target.closest("#board a[data-draft], #board a[data-gap], #board a[data-panel]");
    if (!link) return;
    event.preventDefault();
    ask("GET", link.href);
  });

  // A form of the panel is sent from the panel; its "cancel" closes it.
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const values = Object.fromEntries(new FormData(event.target));
    ask("POST", event.target.action, values);
  });
  panel.addEventListener("click", (event) => {
    if (!event.target.closest(".actions a.btn-link")) return;
    event.preventDefault();
    frame.close();
  });
  frame.addEventListener("close", () => { panel.replaceChildren(); });

  // What the server refuses comes with its reasons, and is shown like any answer.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 409 || xhr.status === 422) event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === panel) {
      if (!frame.open) frame.showModal();
      (panel.querySelector("[data-focus]") || panel.querySelector("select, input:not([type=hidden])"))?.focus();
    } else if (frame.open) {
      frame.close();
    }
    prepare();
  });
  document.addEventListener("board:focus", (event) => {
    const { id } = event.detail;
    const slot = document.getElementById(id);
    const folded = slot?.closest("tbody").querySelector(".unfold input");
    if (folded) folded.checked = true;
    slot?.focus();
  });

  // Arrow keys -----------------------------------------------------------------------------------
  const middle = (element) => {
    const box = element.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  };
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  document.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    const here = event.target.closest?.("#board .slot");
    if (!way || !here) return;
    const from = middle(here);
    let best = null;
    for (const other of document.querySelectorAll("#board .slot")) {
      const to = middle(other);
      const along = way[0] ? (to.x - from.x) * way[0] : (to.y - from.y) * way[1];
      const aside = Math.abs(way[0] ? to.y - from.y : to.x - from.x);
      if (other === here || along < 4) continue;
      const cost = along + 4 * aside;
      if (!best || cost < best.cost) best = { cost, other };
    }
    if (!best) return;
    event.preventDefault();
    best.other.focus();
  });

  // Dragging -------------------------------------------------------------------------------------
  let dragged = null;

  const weekOf = (cell) => {
    const head = board().querySelectorAll("table.board thead th[data-first]")[cell.cellIndex - 1];
    return head ? { first: head.dataset.first, last: head.dataset.last } : null;
  };
  // Where a thing can be put down, and what is sent then; null where it cannot.
  const landing = (target) => {
    if (!dragged) return null;
    const { draft, department, half, first, last } = dragged.dataset;
    const isDraft = draft !== undefined;
    const cell = target.closest(".seats-by-week tr[data-department] td");
    if (cell) {
      const week = weekOf(cell);
      if (!week) return null;
      const inside = week.first <= last && week.last >= first;
      const length = asDate(last) - asDate(first);
      const values = { department: cell.parentElement.dataset.department, half: half || "whole" };
      if (!isDraft) return inside && { element: cell, url: dragged.href.split("?")[0], values: { ...values, first_day: week.first > first ? week.first : first, last_day: last } };
      const days = inside ? { first_day: first, last_day: last } : { first_day: week.first, last_day: asText(asDate(week.first) + length) };
      return { element: cell, url: dragged.href, values: { ...values, ...days } };
    }
    const slot = target.closest("#board .slot");
    if (!slot || slot === dragged || !isDraft) return null;
    if (slot.dataset.draft !== undefined) {
      return { element: slot, url: dragged.href.replace("/move/", "/swap/"), values: { other: slot.id.replace("slot-", "") } };
    }
    const sameTrainee = slot.closest("tr") === dragged.closest("tr");
    if (slot.dataset.gap === undefined || !sameTrainee) return null;
    const gap = { first: slot.dataset.first, last: slot.dataset.last };
    const end = Math.min(asDate(gap.first) + asDate(last) - asDate(first), asDate(gap.last));
    return { element: slot, url: dragged.href, values: { department, half, first_day: gap.first, last_day: asText(end) } };
  };
  const mark = (element) => {
    document.querySelector("#board .lands")?.classList.remove("lands");
    element?.classList.add("lands");
  };

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("#board a[data-draft], #board a[data-gap]");
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const place = landing(event.target);
    mark(place?.element);
    if (place) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const place = landing(event.target);
    if (!place) return;
    event.preventDefault();
    ask("POST", place.url, place.values);
  });
  document.addEventListener("dragend", () => { mark(null); dragged = null; });

  const prepare = () => {
    for (const slot of document.querySelectorAll("#board a[data-draft], #board a[data-gap]")) slot.draggable = true;
    for (const hint of document.querySelectorAll("#board .hint")) hint.hidden = false;
  };
  prepare();
})();
