// My place in line and my wait: looked up by themselves when the line moved, and once a minute because time goes on.

import { look } from "./fresh.js";
import { showPart } from "./morph.js";
import { parsed } from "./trusted.js";

const MINUTE = 60_000;
let planned = 0;

const mine = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-line]"));

/** The line moved: look at a random moment within that time; what is planned already will do. @param {number} within */
export function lookAtLine(within) {
  if (!mine()) return look(within);
  if (planned) return;
  planned = setTimeout(() => { planned = 0; void fetchLine(); }, Math.random() * within);
}

async function fetchLine() {
  const now = mine();
  if (!now) return;
  try {
    const response = await fetch(now.dataset.line ?? "", { headers: { Accept: "text/html" }, cache: "no-store" });
    const next = response.ok ? (await parsed(response)).querySelector("[data-line]") : null;
    // Not in line any more, or signed out: the whole page knows what to say.
    if (!next) return look();
    showPart(now, next);
  } catch {
    // No connection: the socket notices too, and says so.
  }
}

setInterval(() => { if (mine() && !document.hidden) void fetchLine(); }, MINUTE);
