// Wakes the page up: hears what changes, looks again, and says where this person is.

import "./forms.js";
import "./wait-since.js";
import "./connection-banner.js";
import "./bell.js";
import "./chat-room.js";
import "./device-check.js";
import "./said.js";
import "./screen-awake.js";
import "./keyboard.js";
import "./sheet.js";
import { look } from "./fresh.js";
import { live } from "./live.js";
import { lookAtLine } from "./my-line.js";

const body = document.body;
/** One tab is one device; the name is random and gone with the tab. */
const device = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
let inside = "";

/** In the room only while the page says so: the server decides, the page repeats it after every reconnect. */
function whereAmI() {
  const { consultation = "", in: within = "" } = body.dataset;
  const now = within === "yes" ? consultation : "";
  if (now === inside) return;
  if (inside) live.leave(inside);
  if (now) live.enter(now);
  inside = now;
}

const topics = () => (body.dataset.topics ?? "").split(" ").filter(Boolean);
const heard = new Set(topics());

/** A step of the visit may open another topic, or open one again that was closed. */
function whatIHear() {
  for (const topic of topics()) if (!heard.has(topic)) { heard.add(topic); live.hear(topic); }
}

if (body.dataset.era) {
  live.addEventListener("notice", (event) => {
    const notice = /** @type {CustomEvent} */ (event).detail;
    if (notice.kind === "LINE_MOVED") lookAtLine(notice.within ?? 900);
    else look();
  });
  for (const name of ["resync", "gone", "here", "online"]) live.addEventListener(name, () => look());
  // A topic is heard from its answer on; what changed before that is seen by looking.
  live.addEventListener("heard", (event) => { if (!(/** @type {CustomEvent} */ (event).detail.problem)) look(); });
  live.start({
    era: body.dataset.era, n: Number(body.dataset.n ?? 0),
    topics: topics(), device,
  });
  live.addEventListener("gone", (event) => heard.delete(/** @type {CustomEvent} */ (event).detail?.topic));
  document.addEventListener("bedside:fresh", () => { whereAmI(); whatIHear(); });
  // That somebody's page was closed, or fell silent, is no event of the record: who watches a list looks by itself.
  setInterval(() => { if (!document.hidden && document.querySelector("[data-row]")) look(1000); }, 15_000);
  // A page taken out of the browser's memory (back, unlock) may be hours old.
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  whereAmI();
}
