// The page's one live socket: comes back by itself, resumes where it stopped, repeats what was not answered.
//
//   live.start({ era, n, topics, device })          events: notice message here typing gone resync heard
//   await live.do("send", { consultation, content }, { id })      online offline bye signed-out stopped
//   live.enter(consultation)  live.leave(consultation)
//
// Nothing personal is kept in browser storage: outbox and cursor live and die with this page.

import { BEAT_MS, Follower, later, next, pause, SILENCE_MS, SUBPROTOCOL } from "./wire.js";

/** @typedef {import("./wire.js").Frame} Frame */
/** @typedef {import("./wire.js").Problem} Problem */
/** @typedef {{ resolve: (done: any) => void, reject: (problem: Problem) => void, tries: number, renewed: boolean, consultation: string, text: string }} Answer */

const EVENT = { n: "notice", m: "message", here: "here", typing: "typing", gone: "gone", resync: "resync", bye: "bye", re: "heard" };
const MOST_TRIES = 8;

export class Live extends EventTarget {
  /** @type {Follower | null} */ #follower = null;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {Map<string, Answer>} */ #answers = new Map();
  /** @type {Set<string>} */ #inside = new Set();
  /** @type {Map<string, number>} */ #renewals = new Map();
  /** @type {Set<string>} */ #unasked = new Set();
  #welcomed = false;
  #stopped = false;
  #tries = 0;
  #again = 0;
  #beats = 0;
  #heardAt = 0;
  #byeUntil = 0;
  /** @type {number | null} */ #offlineSince = null;

  /** Connect, from the page's own cursor on. @param {{ era: string, n: number, topics: string[], device?: string }} page */
  start({ era, n, topics, device = uuid() }) {
    if (this.#follower) return;
    this.#follower = new Follower({ topics, device, since: { era, n } });
    addEventListener("online", () => { this.#tries = 0; this.#pause(); this.#now(); });
    addEventListener("offline", () => this.#lost());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#now(); });
    addEventListener("pagehide", () => this.#pause());
    addEventListener("pageshow", (event) => { if (event.persisted) this.#now(); });
    this.#connect();
  }

  get online() { return this.#welcomed; }

  /**
   * Do this once, however often the line breaks; fulfilled when it is durable, rejected with the problem.
   * @param {string} op @param {Record<string, any>} body @param {{ id?: string }} [options]
   * @returns {Promise<{ entry: string, seq?: number }>}
   */
  do(op, body, { id = uuid() } = {}) {
    return new Promise((resolve, reject) => {
      if (!this.#follower || this.#stopped) return reject({ type: "not-connected", title: "" });
      const text = this.#follower.do(op, id, body);
      this.#answers.set(id, { resolve, reject, tries: 0, renewed: false, consultation: body.consultation ?? "", text });
      this.#say(text);
    });
  }

  /** Go in: said again after every reconnect, until `leave`. @param {string} consultation */
  enter(consultation) {
    this.#inside.add(consultation);
    this.#step("enter", consultation);
    void this.#renew(consultation);
  }

  /** Come out. A socket that is gone has left anyway. @param {string} consultation */
  leave(consultation) {
    if (!this.#inside.delete(consultation)) return;
    clearTimeout(this.#renewals.get(consultation));
    this.#renewals.delete(consultation);
    this.#step("leave", consultation);
  }

  /** What is worth saying now or never. @param {string} op @param {string} consultation */
  hint(op, consultation) {
    this.#step(op, consultation);
  }

  /** Hear one more topic. @param {string} topic */
  hear(topic) {
    // A welcome on its way answers an older question than this.
    if (!this.#welcomed) this.#unasked.add(topic);
    if (this.#follower) this.#say(this.#follower.sub(topic));
  }

  // The line ───────────────────────────────────────────────────────────────

  #connect() {
    clearTimeout(this.#again);
    if (this.#socket || this.#stopped || !this.#follower) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = this.#socket = new WebSocket(`${scheme}//${location.host}/live`, SUBPROTOCOL);
    this.#heardAt = performance.now();
    // One that was let go while it was still connecting is closed as soon as it can be, and never says hello.
    socket.addEventListener("open", () => { if (this.#socket === socket) socket.send(this.#follower?.hello() ?? ""); else socket.close(); });
    socket.addEventListener("message", (event) => { if (this.#socket === socket) this.#heard(String(event.data)); });
    socket.addEventListener("close", (event) => { if (this.#socket === socket) this.#closed(event.code); });
    clearInterval(this.#beats);
    this.#beats = setInterval(() => this.#beat(), BEAT_MS);
  }

  #beat() {
    if (performance.now() - this.#heardAt > SILENCE_MS) this.#drop();
    else this.#say('{"t":"beat"}');
  }

  /** Let the socket go. What was missed comes with the next one: to resume is cheap, to trust a dead line is not. */
  #pause() {
    const socket = this.#socket;
    this.#socket = null;
    this.#welcomed = false;
    clearInterval(this.#beats);
    if (socket?.readyState === WebSocket.OPEN) socket.close();
  }

  /** A socket that says nothing may be dead for minutes before the browser notices. */
  #drop() {
    this.#pause();
    this.#closed(4001);
  }

  /** @param {number} code */
  #closed(code) {
    this.#socket = null;
    this.#welcomed = false;
    clearInterval(this.#beats);
    const then = next(code);
    if (then === "reconnect") {
      this.#lost();
      const rest = Math.max(0, this.#byeUntil - performance.now());
      this.#again = setTimeout(() => this.#connect(), rest + pause(this.#tries++));
      return;
    }
    this.#stopped = true;
    this.#tell(then === "sign-in" ? "signed-out" : "stopped", { code });
    this.#tell("bye", { code });
    for (const [id] of this.#answers) this.#refuse(id, { type: "not-connected", title: "" });
  }

  #lost() {
    if (this.#offlineSince !== null || this.#stopped) return;
    this.#offlineSince = Date.now();
    this.#tell("offline", { since: this.#offlineSince });
  }

  /** The network is back, or somebody looks: do not wait for the pause to end. */
  #now() {
    if (this.#socket && performance.now() - this.#heardAt > BEAT_MS * 2) this.#drop();
    if (!this.#socket && performance.now() >= this.#byeUntil) this.#connect();
  }

  #found() {
    this.#offlineSince = null;
    this.#tell("online", {});
  }

  // What is said ───────────────────────────────────────────────────────────

  /** @param {string} text */
  #heard(text) {
    this.#heardAt = performance.now();
    for (const frame of this.#follower?.hear(text) ?? []) {
      if (frame.t === "welcome") this.#welcome(frame);
      else if (frame.t === "done") this.#done(frame);
      else if (frame.t === "refused") this.#refused(frame.id, frame.problem);
      if (frame.t === "bye") this.#byeUntil = performance.now() + Number(frame.after ?? 0);
      const name = EVENT[/** @type {keyof typeof EVENT} */ (frame.t)];
      if (name) this.#tell(name, frame);
    }
  }

  /** @param {Frame} frame */
  #welcome(frame) {
    this.#welcomed = true;
    this.#tries = 0;
    this.#byeUntil = 0;
    for (const consultation of this.#inside) this.#step("enter", consultation);
    for (const text of this.#follower?.outbox.values() ?? []) this.#socket?.send(text);
    for (const [topic, verdict] of Object.entries(frame.topics ?? {})) {
      if (verdict === "not-found") this.#tell("gone", { topic, problem: { type: "not-found" } });
    }
    for (const topic of this.#unasked) this.hear(topic);
    this.#unasked.clear();
    // Said here too, as the line may break before the server's own word of it: then nobody would look again.
    if (!frame.resumed) this.#tell("resync", frame);
    this.#found();
  }

  /** Steps belong to this connection: they are not kept for the next, which says its own. @param {string} op @param {string} consultation */
  #step(op, consultation) {
    this.#say(JSON.stringify({ t: "do", id: uuid(), op, consultation }));
  }

  /** @param {string} text */
  #say(text) {
    if (this.#welcomed && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** @param {Frame} frame */
  #done(frame) {
    this.#answers.get(frame.id)?.resolve(frame);
    this.#answers.delete(frame.id);
  }

  /** Not now: again with the same id. A lapsed grant: renew once, then again. Else: no. @param {string} id @param {Problem} problem */
  #refused(id, problem) {
    const answer = this.#answers.get(id);
    if (!answer) return; // a step: the next connection says its own
    if (later(problem) && answer.tries++ < MOST_TRIES) {
      const rest = Math.max(problem.after ?? 0, pause(answer.tries + 1, 1));
      setTimeout(() => this.#repeat(id), rest);
    } else if (problem.type === "grant-lapsed" && !answer.renewed) {
      answer.renewed = true;
      void this.#renew(answer.consultation).then(() => this.#repeat(id));
    } else {
      this.#refuse(id, problem);
    }
  }

  /** @param {string} id */
  #repeat(id) {
    const text = this.#answers.get(id)?.text;
    if (!text) return;
    this.#follower?.outbox.set(id, text);
    this.#say(text);
  }

  /** @param {string} id @param {Problem} problem */
  #refuse(id, problem) {
    this.#follower?.outbox.delete(id);
    this.#answers.get(id)?.reject(problem);
    this.#answers.delete(id);
  }

  // The grant ──────────────────────────────────────────────────────────────

  /** Prolong the right to take part, and again at two thirds of its life. @param {string} consultation */
  async #renew(consultation) {
    if (!consultation) return;
    clearTimeout(this.#renewals.get(consultation));
    let rest = 60_000;
    try {
      const path = `/api/v1/consultations/${encodeURIComponent(consultation)}/grant`;
      const headers = { "Idempotency-Key": uuid(), "Content-Type": "application/json" };
      const answer = await fetch(path, { method: "POST", headers, body: "{}", credentials: "same-origin" });
      if (answer.status >= 400 && answer.status < 500) return;
      const { expiresAt } = await answer.json();
      rest = Math.max(5_000, ((Date.parse(expiresAt) - Date.now()) * 2) / 3) || rest;
    } catch {
      rest = 10_000; // no network: the socket knows; keep trying
    }
    if (this.#inside.has(consultation)) {
      this.#renewals.set(consultation, setTimeout(() => void this.#renew(consultation), rest));
    }
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** A random id; `randomUUID` is missing where the page is not served securely. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export const live = new Live();
