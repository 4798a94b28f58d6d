// <chat-room>: what is said appears at once, and says of itself whether it is on its way, sent, or not.
// What was not sent lives in this page's memory only: no words about a patient lie in browser storage.

import { look } from "./fresh.js";
import { live } from "./live.js";
import { copy } from "./trusted.js";
import { offset, wallClock } from "./wait-since.js";

/** @typedef {{ id: string, content: string, item: HTMLElement }} Pending */

class ChatRoom extends HTMLElement {
  upTo = 0;

  connectedCallback() {
    this.consultation = document.body.dataset.consultation ?? "";
    this.addEventListener("submit", (event) => { event.preventDefault(); event.stopPropagation(); this.say(); }, true);
    this.addEventListener("keydown", (event) => this.keyed(event));
    this.heard = (/** @type {Event} */ event) => this.hear(/** @type {CustomEvent} */ (event).detail);
    live.addEventListener("message", this.heard);
    this.refreshed = () => this.read();
    document.addEventListener("bedside:fresh", this.refreshed);
    this.toEnd();
    this.read();
    this.closest("details")?.addEventListener("toggle", () => { this.toEnd(); this.read(); });
  }

  disconnectedCallback() {
    if (this.heard) live.removeEventListener("message", this.heard);
    if (this.refreshed) document.removeEventListener("bedside:fresh", this.refreshed);
  }

  get log() { return /** @type {HTMLElement} */ (this.querySelector(".log")); }
  get field() { return /** @type {HTMLTextAreaElement | null} */ (this.querySelector("textarea")); }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== this.field) return;
    event.preventDefault();
    this.say();
  }

  say() {
    const content = this.field?.value.trim();
    if (!content || !this.field) return;
    const key = /** @type {HTMLInputElement | null} */ (this.querySelector("input[name=key]"));
    const id = crypto.randomUUID?.() ?? key?.value ?? "";
    this.field.value = "";
    const item = this.bubble(id, content, null, new Date(Date.now() + offset()));
    item.dataset.pending = "";
    void this.send({ id, content, item });
  }

  /** The same id every time: however often it is sent, it is said once. @param {Pending} pending */
  async send({ id, content, item }) {
    item.classList.remove("failed");
    this.state(item, "sending", navigator.onLine ? this.dataset.sending : this.dataset.waiting);
    const slow = setTimeout(() => this.state(item, "sending", this.dataset.waiting), 4000);
    try {
      await live.do("send", { consultation: this.consultation, content }, { id });
      this.state(item, "sent", this.dataset.sent);
      delete item.dataset.pending;
    } catch (problem) {
      item.classList.add("failed");
      this.state(item, "failed", /** @type {{ title?: string }} */ (problem)?.title ?? this.dataset.failed);
      const again = document.createElement("button");
      again.type = "button";
      again.className = "link";
      again.textContent = this.dataset.again ?? "";
      again.addEventListener("click", () => void this.send({ id, content, item }));
      item.querySelector(".state")?.append(" ", again);
    } finally {
      clearTimeout(slow);
    }
  }

  /** @param {{ id: string, topic: string, content: string, at: string, sender: { id: string } }} message */
  hear(message) {
    if (!message.topic.includes(this.consultation ?? "") || this.log.querySelector(`[data-key="m-${CSS.escape(message.id)}"]`)) return;
    const person = document.querySelector(`[data-account="${CSS.escape(message.sender.id)}"]`);
    const name = person?.querySelector("[data-name]")?.textContent, role = person?.querySelector("[data-role]")?.textContent?.split(",")[0];
    // The name stands apart (U+2068, U+2069): one from right to left does not turn the line around.
    if (name) this.bubble(message.id, message.content, `\u2068${name}\u2069, ${role}`, new Date(message.at));
    look(name ? 1500 : 0);
  }

  /** Tell the others that their words were seen: only while they really can be. */
  read() {
    const last = [...this.querySelectorAll(".said:not(.mine)[data-seq]")].at(-1);
    const upTo = Number(last?.getAttribute("data-seq") ?? 0);
    if (!this.field || document.hidden || upTo <= this.upTo || !this.log.checkVisibility()) return;
    this.upTo = upTo;
    live.do("read", { consultation: this.consultation, upTo }).catch(() => { this.upTo = 0; });
  }

  /** @param {string} id @param {string} content @param {string | null} by nobody is me @param {Date} at */
  bubble(id, content, by, at) {
    const item = document.createElement("div"), line = document.createElement("p");
    const words = document.createElement("p"), time = document.createElement("time");
    item.className = by ? "said" : "said mine";
    item.dataset.key = `m-${id}`;
    line.className = "by";
    words.className = "bubble";
    words.textContent = content;
    time.dateTime = at.toISOString();
    time.textContent = wallClock(at.getTime());
    line.append(by ? `${by} ` : "", time);
    item.append(line, words);
    this.log.querySelector(".none")?.remove();
    this.log.append(item);
    this.toEnd();
    return item;
  }

  /** @param {HTMLElement} item @param {string} mark @param {string | undefined} sentence */
  state(item, mark, sentence) {
    const line = item.querySelector(".state") ?? document.createElement("p");
    line.className = "state";
    line.replaceChildren(copy(this.querySelector(`template[data-mark="${mark}"]`)), sentence ?? "");
    item.append(line);
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }
}

customElements.define("chat-room", ChatRoom);
