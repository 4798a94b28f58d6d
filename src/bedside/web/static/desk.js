// The board's own manners: what was done is said for ten seconds; an open sheet shows what others change meanwhile.

import { fill } from "./sheet.js";
import { parsed } from "./trusted.js";

const SAID_FOR = 10_000;
/** @type {WeakSet<Element>} */
const known = new WeakSet();

/** One at a time; it goes by itself, but not while somebody is at it. */
function toasts() {
  const all = [...document.querySelectorAll("[data-toast]")];
  for (const old of all.filter((toast) => known.has(toast)).slice(0, all.length - 1)) old.remove();
  for (const toast of all) {
    if (known.has(toast) || !toast.isConnected) continue;
    known.add(toast);
    let rest = SAID_FOR, since = Date.now(), timer = setTimeout(() => toast.remove(), rest);
    const pause = () => { clearTimeout(timer); rest -= Date.now() - since; };
    const go = () => {
      if (toast.matches(":hover, :focus-within")) return;
      clearTimeout(timer); since = Date.now(); timer = setTimeout(() => toast.remove(), Math.max(rest, 1000));
    };
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, pause);
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => setTimeout(go));
  }
}

/** Somebody else changed whom I am about to do something for: say so, and show how it is now. */
async function recheck() {
  const sheet = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog#sheet[open]"));
  const shown = /** @type {HTMLElement | null | undefined} */ (sheet?.querySelector("[data-visit]"));
  const row = /** @type {HTMLElement | null} */ (document.getElementById(`r-${shown?.dataset.visit}`));
  if (!sheet || !shown || row?.dataset.version === shown.dataset.version || sheet.querySelector("form[aria-busy=true]")) return;
  const response = await fetch(`/desk/visits/${shown.dataset.visit}?changed=yes`, { headers: { "X-Fragment": "main", Accept: "text/html" }, cache: "no-store" });
  if (!response.ok) return sheet.close();
  if (fill(sheet, await parsed(response))) /** @type {HTMLElement | null} */ (sheet.querySelector("h1"))?.focus();
}

document.addEventListener("bedside:fresh", () => { toasts(); void recheck(); });
toasts();
