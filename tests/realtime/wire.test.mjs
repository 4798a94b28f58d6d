// The browser's half of the wire, judged by the same vectors as the server and the SDK.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Follower, later, next, pause } from "../../src/bedside/web/static/wire.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/wire.json", import.meta.url), "utf8"));

for (const { name, since, topics, steps, after } of vectors.follows) {
  test(name, () => {
    const page = new Follower({ topics, device: "d", since });
    for (const [heard, events] of steps) {
      if (heard === "do") page.do("send", events, { content: "x" });
      else if (heard === "sub") page.sub(events);
      else assert.deepEqual(page.hear(JSON.stringify(heard)).map((event) => event.t), events);
    }
    assert.deepEqual(page.cursor, after.cursor);
    if (after.topics) assert.deepEqual(page.topics, after.topics);
    if (after.outbox) assert.deepEqual([...page.outbox.keys()], after.outbox);
  });
}

test("a close code says what to do next", () => {
  for (const [code, then] of Object.entries(vectors.closes)) assert.equal(next(Number(code)), then);
});

test("the pause grows, is bounded, and all of it is chance", () => {
  assert.equal(pause(0, 0), 0);
  assert.ok(pause(0, 0.999) < 250 && pause(3, 0.999) > 1000 && pause(50, 0.999) <= 20_000);
});

test("what is said is a frame the server knows", () => {
  const page = new Follower({ topics: ["a", "a"], device: "d" });
  assert.deepEqual(JSON.parse(page.hello()), { t: "hello", device: "d", since: null, topics: ["a"] });
  assert.deepEqual(JSON.parse(page.sub("b")), { t: "sub", r: 1, topic: "b" });
  assert.equal(JSON.parse(page.do("send", "i", { content: "cut \ud83d here 👋" })).content, "cut \ufffd here 👋");
  assert.ok(later({ type: "slow-down" }) && !later({ type: "consent-missing" }));
});
