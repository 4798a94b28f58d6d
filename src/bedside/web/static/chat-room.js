// <chat-room>: what is said appears at once, and says of itself whether it is on its way, sent, or not.
// One after the other, each under its own id however often it is sent: said once, and in the order of writing.

import { look } from "./fresh.js";
import { live } from "./live.js";
import { Outbox } from "./outbox.js";
import { copy } from "./trusted.js";
import { offset, wallClock } from "./wait-since.js";

/** @typedef {{ id: string, content: string, at: number, item: HTMLElement }} Pending */

const TYPING_MS = 3000, TYPED_MS = 6000;

class ChatRoom extends HTMLElement {
  upTo = 0;
  typedAt = -Infinity;
  busy = false;
  /** @type {Pending[]} */ queue = [];
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */ typists = new Map();

  connectedCallback() {
    this.consultation = document.body.dataset.consultation ?? "";
    this.outbox = new Outbox(this.consultation, this.dataset.outbox);
    this.addEventListener("submit", (event) => {
      if (!(event.target instanceof Element && event.target.matches(".compose"))) return;
      event.preventDefault();
      event.stopPropagation();
      this.say();
    }, true);
    this.addEventListener("keydown", (event) => this.keyed(event));
    this.addEventListener("input", (event) => { if (event.target === this.field) this.writing(); });
    this.heard = (/** @type {Event} */ event) => this.hear(/** @type {CustomEvent} */ (event).detail);
    this.typed = (/** @type {Event} */ event) => this.types(/** @type {CustomEvent} */ (event).detail);
    live.addEventListener("message", this.heard);
    live.addEventListener("typing", this.typed);
    this.refreshed = () => this.read();
    document.addEventListener("bedside:fresh", this.refreshed);
    this.toEnd();
    this.read();
    this.closest("details")?.addEventListener("toggle", () => { this.toEnd(); this.read(); });
    void this.takeUp();
  }

  disconnectedCallback() {
    if (this.heard) live.removeEventListener("message", this.heard);
    if (this.typed) live.removeEventListener("typing", this.typed);
    if (this.refreshed) document.removeEventListener("bedside:fresh", this.refreshed);
  }

  get log() { return /** @type {HTMLElement} */ (this.querySelector(".log")); }
  get field() { return /** @type {HTMLTextAreaElement | null} */ (this.querySelector("#say")); }

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
    this.typedAt = -Infinity;
    const at = Date.now();
    const item = this.bubble(id, content, null, new Date(at + offset()));
    void this.outbox?.put({ id, content, at });
    this.line({ id, content, at, item });
  }

  /** What an earlier page could not send is taken up where it stopped; what arrived after all is forgotten. */
  async takeUp() {
    for (const { id, content, at } of await this.outbox?.all() ?? []) {
      if (!this.field || this.said(id)) this.outbox?.forget(id);
      else this.line({ id, content, at, item: this.bubble(id, content, null, new Date(at + offset())) });
    }
  }

  /** Stand in line. @param {Pending} pending */
  line(pending) {
    pending.item.dataset.pending = "";
    pending.item.classList.remove("failed");
    this.state(pending.item, "sending", navigator.onLine ? this.dataset.sending : this.dataset.waiting);
    this.queue.push(pending);
    void this.pump();
  }

  async pump() {
    if (this.busy) return;
    this.busy = true;
    while (this.queue[0]) {
      await this.send(this.queue[0]);
      this.queue.shift();
    }
    this.busy = false;
    this.keeping(false);
  }

  /** The same id every time: however often it is sent, it is said once. @param {Pending} pending */
  async send(pending) {
    const { id, content, item } = pending;
    const slow = setTimeout(() => {
      for (const one of this.queue) this.state(one.item, "sending", this.dataset.waiting);
      this.keeping(true);
    }, navigator.onLine ? 4000 : 0);
    try {
      const { seq } = await live.do("send", { consultation: this.consultation, content }, { id });
      this.state(item, "sent", this.dataset.sent);
      if (seq) item.dataset.seq = String(seq);
      delete item.dataset.pending;
      this.outbox?.forget(id);
    } catch (problem) {
      const { type, title } = /** @type {{ type?: string, title?: string }} */ (problem);
      // Without a session it waits for the next page; what was refused is not tried again by itself.
      if (type !== "not-connected") this.outbox?.forget(id);
      item.classList.add("failed");
      this.state(item, "failed", title || this.dataset.failed);
      const again = document.createElement("button");
      again.type = "button";
      again.className = "link";
      again.textContent = this.dataset.again ?? "";
      again.addEventListener("click", () => { void this.outbox?.put({ id, content, at: pending.at }); this.line(pending); });
      item.querySelector(".state")?.append(" ", again);
    } finally {
      clearTimeout(slow);
    }
  }

  /** Say what becomes of words that are not sent yet. @param {boolean} on */
  keeping(on) {
    const note = /** @type {HTMLElement | null} */ (this.querySelector("[data-key=kept]"));
    if (!note || note.hidden === !on) return;
    note.hidden = !on;
    note.textContent = on ? (this.outbox?.keeps ? this.dataset.kept : this.dataset.unkept) ?? "" : "";
  }

  /** The others are told that somebody writes, not what. */
  writing() {
    const now = performance.now();
    if (now - this.typedAt < TYPING_MS || !this.field?.value) return;
    this.typedAt = now;
    live.hint("typing", this.consultation ?? "");
  }

  /** @param {{ topic: string, sender: { id: string } }} frame */
  types({ topic, sender }) {
    if (!topic.includes(this.consultation ?? "") || sender.id === this.dataset.me) return;
    clearTimeout(this.typists.get(sender.id));
    this.typists.set(sender.id, setTimeout(() => this.typesNoMore(sender.id), TYPED_MS));
    this.showTypists();
  }

  /** @param {string} account */
  typesNoMore(account) {
    clearTimeout(this.typists.get(account));
    if (this.typists.delete(account)) this.showTypists();
  }

  showTypists() {
    const note = /** @type {HTMLElement | null} */ (this.querySelector("[data-key=typing]"));
    if (!note) return;
    const people = [...this.typists.keys()].map((id) => this.nameOf(id)).filter(Boolean);
    note.hidden = !people.length;
    note.textContent = people.map((name) => (this.dataset.typing ?? "").replace("{name}", `\u2068${name}\u2069`)).join(" · ");
  }

  /** @param {string} account */
  nameOf(account) {
    return this.querySelector(`[data-who="${CSS.escape(account)}"]`)?.textContent ?? "";
  }

  /** @param {string} id */
  said(id) { return this.log.querySelector(`[data-key="m-${CSS.escape(id)}"]`); }

  /** @param {{ id: string, topic: string, type: string, content: string, at: string, sender: { id: string } }} message */
  hear(message) {
    this.typesNoMore(message.sender.id);
    if (!message.topic.includes(this.consultation ?? "") || message.type !== "text" || this.said(message.id)) return;
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
    // What is still on its way stands below what has arrived.
    const waiting = by ? this.log.querySelector("[data-pending]") : null;
    this.log.insertBefore(item, waiting);
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
