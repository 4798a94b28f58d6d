// The staff's list by keyboard: J and K (or arrows) move, S starts, M messages, O or Enter opens, ? shows the keys.
// Letters work only inside the list, and can be switched off.

/** @type {string | null} */
let lastKey = null;
const letters = () => /** @type {HTMLInputElement | null} */ (document.querySelector("[data-letters]"))?.checked ?? true;
const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("staff-list [data-row]")]);

/** @param {HTMLElement} row */
function goTo(row) {
  for (const other of rows()) other.tabIndex = other === row ? 0 : -1;
  lastKey = row.getAttribute("data-key");
  row.focus();
}

/** @param {HTMLElement | undefined} row @param {string} what */
const press = (row, what) => /** @type {HTMLElement | null | undefined} */ (row?.querySelector(what))?.click();

document.addEventListener("keydown", (event) => {
  const place = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey && event.key === "Enter" && place?.matches("textarea")) {
    /** @type {HTMLTextAreaElement} */ (place).form?.matches("#wrap-form") && /** @type {HTMLTextAreaElement} */ (place).form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !place || place.matches("input, textarea, select")) return;
  const list = place.closest("staff-list");
  if (!list) return;
  const all = rows(), row = /** @type {HTMLElement | undefined} */ (place.closest("[data-row]") ?? undefined);
  const at = row ? all.indexOf(row) : -1;
  const letter = letters() ? event.key.toLowerCase() : "";
  const step = event.key === "ArrowDown" || letter === "j" ? 1 : event.key === "ArrowUp" || letter === "k" ? -1 : 0;
  const next = step ? all[Math.min(all.length - 1, Math.max(0, at + step))] : undefined;
  if (next) goTo(next);
  else if (letter === "s") press(row, "[data-start]");
  else if (letter === "m") press(row, "[data-message]");
  else if (letter === "o" || (event.key === "Enter" && place === row)) press(row, "[data-open]");
  else if (letter === "?") /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog#keys"))?.showModal();
  else return;
  event.preventDefault();
});

// The focus follows the person, not the place in line; the tab stop too.
document.addEventListener("bedside:fresh", () => {
  const all = rows();
  const mine = all.find((row) => row.getAttribute("data-key") === lastKey) ?? all[0];
  for (const row of all) row.tabIndex = row === mine ? 0 : -1;
});
for (const hint of document.querySelectorAll("[data-keys]")) /** @type {HTMLElement} */ (hint).hidden = false;

const MENU = ":is(details.menu, details.control-menu)[open]";
// A menu closes with Escape and with a tap elsewhere.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target instanceof Element ? event.target.closest(MENU) : null;
  menu?.removeAttribute("open");
  /** @type {HTMLElement | null | undefined} */ (menu?.querySelector("summary"))?.focus();
});
document.addEventListener("pointerdown", (event) => {
  for (const menu of document.querySelectorAll(MENU)) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute("open");
  }
});
