// The who-is-this sheet opens over the list; without this file its link leads to the same page of its own.
// Enter does nothing for half a second, so that a key still held down cannot start a visit.

import { parsed } from "./trusted.js";

let openedAt = performance.now();
document.addEventListener("bedside:sheet", () => { openedAt = performance.now(); });

document.addEventListener("click", (event) => {
  const place = event.target instanceof Element ? event.target : null;
  const link = /** @type {HTMLAnchorElement | null} */ (place?.closest("a[data-dialog]") ?? null);
  const sheet = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog#sheet"));
  if (place?.closest("dialog [data-close]")) { event.preventDefault(); return sheet?.close(); }
  if (!link || !sheet || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void open(link, sheet);
});

/** @param {HTMLAnchorElement} link @param {HTMLDialogElement} sheet */
async function open(link, sheet) {
  link.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(link.href, { headers: { "X-Fragment": "main", Accept: "text/html" }, cache: "no-store" });
    const content = (await parsed(response)).querySelector("[data-sheet]");
    if (!content || !response.ok) return location.assign(link.href);
    sheet.replaceChildren(document.importNode(content, true));
    link.focus(); // so that closing returns here
    document.dispatchEvent(new CustomEvent("bedside:sheet"));
    sheet.showModal();
    /** @type {HTMLElement | null} */ (sheet.querySelector("[data-start-visit]"))?.focus();
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target instanceof Element && event.target.closest("[data-start-visit]") && performance.now() - openedAt < 500) {
    event.preventDefault();
  }
}, true);
document.addEventListener("keydown", (event) => {
  const close = /** @type {HTMLAnchorElement | null} */ (document.querySelector("main [data-close]"));
  if (event.key === "Escape" && close && !document.querySelector("dialog[open]")) location.assign(close.href);
});
