// live.js in a page that is only pretended: the browser's doors are stubs, its time is ours.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** @type {any[]} */ let sockets = [];
/** @type {Map<string, Function>} */ const page = new Map();
/** @type {string[]} */ let fetched = [];
let hidden = false;

class FakeSocket extends EventTarget {
  static OPEN = 1;
  readyState = 0;
  sent = [];
  constructor(url, protocol) { super(); Object.assign(this, { url, protocol }); sockets.push(this); }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.readyState = 3; }
  open() { this.readyState = 1; this.dispatchEvent(new Event("open")); }
  hear(frame) { this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) })); }
  shut(code) { this.readyState = 3; this.dispatchEvent(Object.assign(new Event("close"), { code })); }
  of(t) { return this.sent.filter((frame) => frame.t === t); }
}

Object.assign(globalThis, {
  WebSocket: FakeSocket,
  location: { protocol: "https:", host: "clinic.example" },
  document: { addEventListener() {}, get hidden() { return hidden; } },
  addEventListener: (name, listener) => page.set(name, listener),
  fetch: async (path) => { fetched.push(path); return { status: 201, json: async () => ({ expiresAt: new Date(Date.now() + 9e5).toISOString() }) }; },
  localStorage: new Proxy({}, { get() { throw new Error("nothing is kept in browser storage"); } }),
});

const VISIT = "consultation.v";
let live, told;

beforeEach(async () => {
  sockets = []; fetched = []; told = []; page.clear();
  ({ live } = await import(`../../src/bedside/web/static/live.js?${Math.random()}`));
  for (const name of ["notice", "message", "online", "offline", "resync", "gone", "bye", "signed-out", "stopped"]) {
    live.addEventListener(name, (event) => told.push([name, event.detail]));
  }
});

function arrive(n = 41) {
  live.start({ era: "e", n, topics: [VISIT], device: "d" });
  sockets[0].open();
  return sockets[0];
}

const welcome = (n, resumed = true) => ({ t: "welcome", conn: "c", era: "e", n, resumed, topics: { [VISIT]: "ok" }, beat: 30 });
const names = () => told.map(([name]) => name);
const soon = (ms = 0) => new Promise((done) => setTimeout(done, ms));

test("it says hello with the page's cursor, and passes on what it hears", () => {
  const socket = arrive();
  assert.equal(socket.url, "wss://clinic.example/live");
  assert.equal(socket.protocol, "bedside.v1");
  assert.deepEqual(socket.sent, [{ t: "hello", device: "d", since: { era: "e", n: 41 }, topics: [VISIT] }]);
  socket.hear(welcome(42));
  socket.hear({ t: "n", n: 42, topic: VISIT, kind: "STATUS_UPDATED" });
  socket.hear({ t: "m", n: 43, topic: VISIT, id: "i", content: "hello" });
  assert.deepEqual(names(), ["online", "notice", "message"]);
});

test("what was asked is asked again with the same id, and answered once", async () => {
  const socket = arrive();
  const answer = live.do("send", { consultation: "v", content: "hello" }, { id: "one" });
  assert.equal(socket.of("do").length, 0);
  socket.hear(welcome(41));
  assert.equal(socket.of("do")[0].id, "one");
  socket.shut(1006);
  await soon(600);
  sockets[1].open();
  sockets[1].hear(welcome(41));
  assert.equal(sockets[1].of("do")[0].id, "one");
  sockets[1].hear({ t: "done", id: "one", entry: "j" });
  assert.equal((await answer).entry, "j");
  assert.deepEqual(names(), ["online", "offline", "online"]);
});

test("a refusal is told; a lapsed grant is renewed once and the act repeated", async () => {
  const socket = arrive();
  socket.hear(welcome(41));
  const first = live.do("send", { consultation: "v" }, { id: "one" });
  socket.hear({ t: "refused", id: "one", problem: { type: "grant-lapsed" } });
  await soon(5);
  assert.deepEqual(fetched, ["/api/v1/consultations/v/grant"]);
  assert.equal(socket.of("do").length, 2);
  socket.hear({ t: "refused", id: "one", problem: { type: "grant-lapsed" } });
  await assert.rejects(first, { type: "grant-lapsed" });
});

test("whoever is in the room says so again on every connection", async () => {
  const socket = arrive();
  live.enter("v");
  socket.hear(welcome(41));
  socket.shut(4002);
  await soon(600);
  sockets[1].open();
  sockets[1].hear(welcome(41));
  assert.deepEqual([socket, sockets[1]].map((one) => one.of("do").map((frame) => frame.op)), [["enter"], ["enter"]]);
  live.leave("v");
  assert.equal(sockets[1].of("do")[1].op, "leave");
});

test("41xx is signed out and 42xx, 43xx stop; nobody knocks again", async () => {
  for (const [code, name] of [[4101, "signed-out"], [4200, "stopped"], [4303, "stopped"]]) {
    ({ live } = await import(`../../src/bedside/web/static/live.js?${Math.random()}`));
    sockets = []; told = [];
    live.addEventListener(name, (event) => told.push([name, event.detail.code]));
    const socket = arrive();
    socket.hear(welcome(41));
    const answer = live.do("send", {});
    socket.shut(code);
    await assert.rejects(answer, { type: "not-connected" });
    await soon(300);
    assert.deepEqual(told, [[name, code]]);
    assert.equal(sockets.length, 1);
  }
});

test("when the network is back, a new line replaces the old at once", () => {
  const socket = arrive();
  socket.hear(welcome(50));
  socket.hear({ t: "n", n: 50, topic: VISIT, kind: "X" });
  page.get("offline")();
  page.get("online")();
  assert.equal(sockets.length, 2);
  sockets[1].open();
  assert.equal(sockets[1].sent[0].since.n, 50);
  sockets[1].hear(welcome(50));
  assert.deepEqual(names(), ["online", "notice", "offline", "online"]);
});


test("when the network is back, the pauses between tries begin anew", async () => {
  const chance = Math.random;
  try {
    Math.random = () => 0; // many tries, without a pause between them
    arrive();
    for (let tries = 1; tries <= 8; tries++) {
      sockets.at(-1).shut(1006);
      while (sockets.length === tries) await soon();
    }
    Math.random = () => 0.9; // after so many, a pause would be longer than this test waits
    page.get("online")();
    const before = sockets.length;
    sockets.at(-1).shut(1006);
    for (let waited = 0; sockets.length === before; waited++) {
      assert.ok(waited < 20, "still waiting as if the network had not come back");
      await soon(50);
    }
  } finally {
    Math.random = chance;
  }
});
