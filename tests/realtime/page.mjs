// live.js in pretended pages, driven from outside: one command a line in, what the page did and said out.
// Each page's doors (WebSocket, timers, chance) are its own; its time is the caller's.

import { readSync, writeSync } from "node:fs";
import { Live } from "../../src/bedside/web/static/live.js";

/** @type {Map<number, Page>} */ const pages = new Map();
/** @type {Page} */ let page; // whose turn it is

class Page {
  now = 0;
  live = new Live();
  /** @type {Map<number, { at: number, every: number, act: Function }>} */ timers = new Map();
  /** @type {Map<string, Function[]>} */ doors = new Map();
  /** @type {Socket[]} */ sockets = [];
  /** @type {any[]} */ did = [];
  ids = 0;

  /** @param {number} seed */
  constructor(seed) {
    this.seed = seed;
    for (const name of ["notice", "message", "resync", "gone", "heard", "stopped", "signed-out"]) {
      this.live.addEventListener(name, (event) => this.did.push(["told", name, /** @type {CustomEvent} */ (event).detail]));
    }
  }

  /** What is due by now, in its order. @param {number} at */
  run(at) {
    for (;;) {
      const [id, next] = [...this.timers].sort((a, b) => a[1].at - b[1].at)[0] ?? [0, null];
      if (!next || next.at > at) break;
      this.now = Math.max(this.now, next.at);
      if (next.every) next.at += next.every;
      else this.timers.delete(id);
      next.act();
    }
    this.now = at;
  }

  /** @param {Function} act @param {number} rest @param {number} every */
  timer(act, rest, every) {
    this.timers.set(++this.ids, { at: this.now + rest, every, act });
    return this.ids;
  }

  chance() {
    this.seed = (this.seed * 1103515245 + 12345) % 2147483648;
    return this.seed / 2147483648;
  }
}

class Socket extends EventTarget {
  static OPEN = 1;
  readyState = 0;
  constructor() { super(); this.page = page; page.did.push(["open", page.sockets.push(this) - 1]); }
  /** @param {string} text */
  send(text) { this.page.did.push(["say", this.page.sockets.indexOf(this), text]); }
  close() {
    if (this.readyState < 2) this.page.did.push(["hang-up", this.page.sockets.indexOf(this)]);
    this.readyState = 3;
  }
}

/** @type {Record<string, Function>} */
const commands = {
  start: (/** @type {any} */ begin) => page.live.start(begin),
  open: (/** @type {number} */ at) => {
    const socket = page.sockets[at];
    if (socket.readyState === 0) { socket.readyState = 1; socket.dispatchEvent(new Event("open")); }
  },
  hear: (/** @type {number} */ at, /** @type {string} */ data) => {
    const socket = page.sockets[at];
    if (socket.readyState === 1) socket.dispatchEvent(new MessageEvent("message", { data }));
  },
  shut: (/** @type {number} */ at, /** @type {number} */ code) => {
    const socket = page.sockets[at];
    if (socket.readyState === 3) return;
    socket.readyState = 3;
    socket.dispatchEvent(Object.assign(new Event("close"), { code }));
  },
  do: (/** @type {string} */ id, /** @type {object} */ body) => {
    const whose = page;
    page.live.do("send", body, { id }).then(
      () => whose.did.push(["done", id]),
      (problem) => whose.did.push(["refused", id, problem]),
    );
  },
  sub: (/** @type {string} */ topic) => page.live.hear(topic),
  event: (/** @type {string} */ name) => { for (const act of page.doors.get(name) ?? []) act({}); },
  tick: () => {},
};

const listen = (/** @type {string} */ name, /** @type {Function} */ act) =>
  page.doors.set(name, [...(page.doors.get(name) ?? []), act]);
const own = (/** @type {Record<string, any>} */ doors) => {
  for (const [name, value] of Object.entries(doors)) Object.defineProperty(globalThis, name, { value, configurable: true });
};
own({
  WebSocket: Socket,
  location: { protocol: "https:", host: "clinic.example" },
  document: { addEventListener: listen, hidden: false },
  addEventListener: listen,
  performance: { now: () => page.now },
  crypto: { randomUUID: () => `00000000-0000-4000-8000-${String(++page.ids).padStart(12, "0")}` },
  setTimeout: (/** @type {Function} */ act, rest = 0) => page.timer(act, rest, 0),
  setInterval: (/** @type {Function} */ act, rest = 0) => page.timer(act, rest, rest),
  clearTimeout: (/** @type {number} */ id) => void page.timers.delete(id),
  clearInterval: (/** @type {number} */ id) => void page.timers.delete(id),
});
Math.random = () => page.chance();

const chunk = Buffer.alloc(1 << 16);
let rest = "";
for (;;) {
  const end = rest.indexOf("\n");
  if (end < 0) {
    const size = readSync(0, chunk);
    if (!size) break;
    rest += chunk.toString("utf8", 0, size); // commands are ASCII: nothing is cut in two
    continue;
  }
  const [name, whose, at, ...given] = JSON.parse(rest.slice(0, end));
  rest = rest.slice(end + 1);
  if (name === "end") {
    pages.delete(whose);
    continue;
  }
  if (!pages.has(whose)) pages.set(whose, new Page(whose));
  page = /** @type {Page} */ (pages.get(whose));
  page.run(at);
  commands[name](...given);
  for (let turn = 0; turn < 4; turn++) await null; // promises that were kept are told before we answer
  const due = Math.min(...[...page.timers.values()].map((timer) => timer.at));
  writeSync(1, JSON.stringify({ did: page.did.splice(0), due: Number.isFinite(due) ? due : null }) + "\n");
}
