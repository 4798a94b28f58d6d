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
  // Not while an answer is on its way, and not when somebody else is shown by now.
  const still = () => sheet?.open && shown?.isConnected && !sheet.querySelector("form[aria-busy=true]");
  if (!sheet || !shown || row?.dataset.version === shown.dataset.version || !still()) return;
  const response = await fetch(`/desk/visits/${shown.dataset.visit}?changed=yes`, { headers: { "X-Fragment": "main", Accept: "text/html" }, cache: "no-store" });
  const page = response.ok ? await parsed(response) : null;
  if (!still()) return;
  if (!page) return sheet.close();
  if (fill(sheet, page)) /** @type {HTMLElement | null} */ (sheet.querySelector("h1"))?.focus();
}

// What was done is said once: not again when the page is read anew.
if (new URLSearchParams(location.search).has("did")) {
  const place = new URL(location.href);
  for (const name of ["did", "visit", "v"]) place.searchParams.delete(name);
  history.replaceState(null, "", place);
}

/** P, M and T open what they stand for: in the row's sheet, also when it has to be fetched first. */
let wanted = "";
/** @param {string} letter */
const openAct = (letter) => {
  const act = /** @type {HTMLDetailsElement | null} */ (document.querySelector(`[data-sheet] details[data-letter="${letter}"]`));
  if (act) { act.open = true; /** @type {HTMLElement | null} */ (act.querySelector("summary"))?.focus(); }
};
document.addEventListener("keydown", (event) => {
  const place = event.target instanceof Element ? event.target : null;
  const letter = event.key.toLowerCase(), on = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-letters]"))?.checked ?? true;
  if (!on || !"pmtln".includes(letter) || event.ctrlKey || event.metaKey || event.altKey || !place || place.matches("input, textarea, select")) return;
  if (letter === "n" && place.closest("staff-list")) return location.assign("/desk/people");
  if (place.closest("[data-sheet]")) return openAct(letter);
  const row = place.closest("staff-list [data-row]");
  if (row) { wanted = letter; /** @type {HTMLElement | null} */ (row.querySelector("[data-open]"))?.click(); }
});
document.addEventListener("bedside:sheet-open", () => { if (wanted) openAct(wanted); wanted = ""; });

document.addEventListener("bedside:fresh", () => { toasts(); void recheck(); });
toasts();
