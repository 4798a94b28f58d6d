// A sheet (who is this, what can be done) opens over the list; without this file its link leads to a page of its own.
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

/** Who was asked for last: an answer about somebody else comes too late. */
let asked = "";

/** @param {HTMLAnchorElement} link @param {HTMLDialogElement} sheet */
async function open(link, sheet) {
  link.setAttribute("aria-busy", "true");
  asked = link.href;
  try {
    const response = await fetch(link.href, { headers: { "X-Fragment": "main", Accept: "text/html" }, cache: "no-store" });
    const page = response.ok ? await parsed(response) : null;
    if (asked !== link.href) return;
    if (!page || !fill(sheet, page)) return location.assign(link.href);
    link.focus(); // so that closing returns here
    document.dispatchEvent(new CustomEvent("bedside:sheet"));
    sheet.showModal();
    /** @type {HTMLElement | null} */ (sheet.querySelector("[data-start-visit]") ?? sheet.querySelector("h1[tabindex]"))?.focus();
    document.dispatchEvent(new CustomEvent("bedside:sheet-open"));
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

/**
 * Show in the sheet what that page shows in its own.
 * @param {HTMLDialogElement} sheet @param {Document} page
 */
export function fill(sheet, page) {
  const content = page.querySelector("[data-sheet]");
  if (content) sheet.replaceChildren(document.importNode(content, true));
  return Boolean(content);
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
