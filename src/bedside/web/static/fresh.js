// Fetches the page that is open and shows what changed; never while a row is under a finger.

import { show } from "./morph.js";
import { parsed } from "./trusted.js";

let underway = false;
let again = false;
let heldBack = 0;
let pressed = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let planned;
let plannedAt = Infinity;

/**
 * Something changed: look again, in `within` milliseconds at the latest. What is urgent does not wait for what is not.
 * @param {number} [within]
 */
export function look(within = 0) {
  if (held()) return hold();
  const rest = within ? Math.random() * within : 20;
  const at = performance.now() + rest;
  if (at >= plannedAt) return;
  clearTimeout(planned);
  plannedAt = at;
  planned = setTimeout(() => { plannedAt = Infinity; void fetchPage(); }, rest);
}

/** A row is pressed, or its menu is open, or somebody types in it. */
function held() {
  return pressed || Boolean(document.querySelector("[data-row] details[open], [data-row] :is(input, textarea, select):focus"));
}

function hold() {
  heldBack += 1;
  const note = /** @type {HTMLElement | null} */ (document.querySelector("changes-waiting"));
  const button = note?.querySelector("button");
  if (!note || !button) return;
  note.hidden = false;
  button.textContent = (document.body.dataset.changes ?? "{n}").replace("{n}", String(heldBack));
}

/** The finger is up, the menu closed: show what was held back. */
function release() {
  if (!heldBack || held()) return;
  heldBack = 0;
  const note = /** @type {HTMLElement | null} */ (document.querySelector("changes-waiting"));
  if (note) note.hidden = true;
  look();
}

async function fetchPage() {
  if (underway) { again = true; return; }
  underway = true;
  try {
    const response = await fetch(location.href, { headers: { "X-Fragment": "main", Accept: "text/html" }, cache: "no-store" });
    await arrived(response);
  } catch {
    tell("unread");
  } finally {
    underway = false;
    if (again) { again = false; look(); }
  }
}

/**
 * Show an answer of the house: the same page, another one, or why not.
 * @param {Response} response
 */
export async function arrived(response) {
  if (response.status === 401) return tell("ended");
  if (response.redirected && new URL(response.url).pathname !== location.pathname) return location.assign(response.url);
  const page = (response.headers.get("content-type") ?? "").startsWith("text/html");
  if (response.status >= 500 || !page) return tell("unread");
  const next = await parsed(response);
  if (held()) return hold();
  show(next);
  tell("read");
}

/** @param {"read" | "unread" | "ended"} what */
const tell = (what) => void document.dispatchEvent(new CustomEvent(`bedside:${what}`));

document.addEventListener("pointerdown", (event) => {
  pressed = event.target instanceof Element && Boolean(event.target.closest("[data-row]"));
});
// The click comes after the finger is up: hold until it has been heard.
for (const up of ["pointerup", "pointercancel"]) document.addEventListener(up, () => setTimeout(() => { pressed = false; release(); }, 350));
document.addEventListener("toggle", () => release(), true);
document.addEventListener("focusout", () => setTimeout(release, 50));
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element && event.target.closest("changes-waiting"))) return;
  for (const menu of document.querySelectorAll("[data-row] details[open]")) menu.removeAttribute("open");
  release();
});
