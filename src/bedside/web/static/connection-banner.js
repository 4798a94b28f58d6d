// <connection-banner> says since when there is no connection, that we keep trying, and when it is back.

import { live } from "./live.js";
import { copy } from "./trusted.js";
import { offset, wallClock } from "./wait-since.js";

class ConnectionBanner extends HTMLElement {
  /** @type {number | null} */
  since = null;
  ended = false;

  connectedCallback() {
    live.addEventListener("offline", () => this.lost());
    live.addEventListener("online", () => this.found());
    document.addEventListener("bedside:unread", () => this.lost());
    // An answer that was already on its way when the line went down does not bring it back.
    document.addEventListener("bedside:read", () => { if (live.online && navigator.onLine) this.found(); });
    document.addEventListener("bedside:fresh", () => { if (this.since !== null) this.old(this.since); });
    document.addEventListener("bedside:ended", () => this.over());
    live.addEventListener("signed-out", () => this.over());
    addEventListener("offline", () => this.lost());
    addEventListener("online", () => { if (!document.body.dataset.era) this.found(); });
  }

  lost() {
    if (this.since !== null || this.ended) return;
    this.since = Date.now();
    this.say("warn", 0, (this.dataset.lost ?? "").replace("{time}", wallClock()), this.dataset.trying ?? "");
    this.old(this.since);
  }

  /** What stands on the page is from then: its marks say so, also on a page that was under way. @param {number} since */
  old(since) {
    const time = wallClock(since + offset());
    for (const dot of document.querySelectorAll("[data-live-dot]")) dot.classList.add("old");
    for (const words of document.querySelectorAll("[data-live-words]")) {
      words.textContent = (words.getAttribute("data-lost") ?? "").replace("{time}", time);
    }
  }

  found() {
    if (this.since === null) return;
    this.since = null;
    this.say("ok", 1, this.dataset.back ?? "");
    for (const dot of document.querySelectorAll("[data-live-dot]")) dot.classList.remove("old");
    // It stays until somebody has had time to read it and does the next thing.
    setTimeout(() => document.addEventListener("pointerdown", () => { if (this.since === null) this.clear(); }, { once: true }), 5000);
  }

  over() {
    this.ended = true;
    this.say("warn", 0, this.dataset.ended ?? "");
  }

  clear() {
    this.room()?.replaceChildren();
  }

  room() {
    return this.querySelector("[role=status]");
  }

  /** @param {string} look @param {number} icon @param {string} strong @param {string} [more] */
  say(look, icon, strong, more = "") {
    const banner = document.createElement("div");
    banner.className = `banner ${look}`;
    const mark = /** @type {DocumentFragment} */ (copy(this.querySelector("template"))).children[icon];
    const words = document.createElement("div");
    const loud = document.createElement("strong");
    loud.textContent = strong;
    words.append(loud, ` ${more}`);
    banner.append(mark ?? "", words);
    this.room()?.replaceChildren(banner);
  }
}

customElements.define("connection-banner", ConnectionBanner);
