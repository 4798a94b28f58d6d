// A client's half of the wire, without I/O: text frames in, events out, and what to say next.
// The specification is docs/reference/wire.md; tests/vectors/wire.json judges this file and its siblings in Python.

/** @typedef {{ era: string, n: number }} Cursor */
/** @typedef {{ type: string, title?: string, status?: number, can?: string[], after?: number }} Problem */
/** @typedef {{ t: string, [member: string]: any }} Frame */

export const SUBPROTOCOL = "bedside.v1";
export const BEAT_MS = 25_000;
export const SILENCE_MS = 75_000;

/** What a close code asks for: to come back, to sign in first, or to stop and say so. @param {number} code */
export function next(code) {
  if (code >= 4100 && code < 4200) return "sign-in";
  if (code >= 4200 && code < 4400) return "stop";
  return "reconnect";
}

/** The pause before the next try: it doubles up to 20 s, and all of it is chance. @param {number} tries */
export function pause(tries, chance = Math.random()) {
  return chance * Math.min(20_000, 250 * 2 ** Math.min(tries, 10));
}

/** Refusals that only mean "not now": the act stays in the outbox and is asked again. @param {Problem} problem */
export function later(problem) {
  return problem.type === "slow-down" || problem.type === "unavailable";
}

/** What one page knows of the stream, across any number of connections. */
export class Follower {
  /** @type {Map<string, string>} what was asked and is not answered yet, by id */
  outbox = new Map();
  /** @type {Set<string>} what was applied at exactly cursor.n */
  #atN = new Set();
  /** @type {Map<string, number>} */
  #versions = new Map();
  /** @type {Set<string>} topics of which the cursor says nothing: asked anew, or not ours last time */
  #uncovered = new Set();
  #r = 0;

  /** @param {{ topics: string[], device: string, since?: Cursor | null }} page */
  constructor({ topics, device, since = null }) {
    this.topics = [...new Set(topics)];
    this.device = device;
    this.cursor = since;
  }

  hello() {
    return JSON.stringify({ t: "hello", device: this.device, since: this.cursor, topics: this.topics });
  }

  /** Ask for an act, and keep it until it is answered. @param {string} op @param {string} id @param {object} body */
  do(op, id, body) {
    // A string cut through an emoji is no UTF-8; the server would end the socket for it.
    const text = JSON.stringify({ t: "do", id, op, ...body }, (_, value) =>
      typeof value === "string" ? wellFormed(value) : value);
    this.outbox.set(id, text);
    return text;
  }

  /** Hear one more topic. @param {string} topic */
  sub(topic) {
    if (!this.topics.includes(topic)) this.topics.push(topic);
    this.#uncovered.add(topic);
    return JSON.stringify({ t: "sub", r: ++this.#r, topic });
  }

  /** Understand one frame; nothing for what is old, repeated or unknown. @param {string} text @returns {Frame[]} */
  hear(text) {
    const frame = /** @type {Frame} */ (JSON.parse(text));
    switch (frame.t) {
      case "n":
      case "m":
        return this.#numbered(frame);
      case "welcome":
        // A resumed stream goes on from our own cursor; only a new one starts at the head.
        if (!frame.resumed) this.#restart(frame);
        return [frame, ...this.#nowHeard(frame)];
      case "resync":
        this.#restart(frame);
        break;
      case "beat":
        this.#advance(frame.n);
        break;
      case "done":
        this.outbox.delete(frame.id);
        break;
      case "refused":
        if (!later(frame.problem)) this.outbox.delete(frame.id);
        break;
      case "gone":
        // One that we asked for anew meanwhile stays: this word is older.
        if (!this.#uncovered.has(frame.topic)) this.topics = this.topics.filter((topic) => topic !== frame.topic);
        break;
      case "re":
        if (typeof frame.n !== "number") break;
        this.#uncovered.delete(frame.topic);
        if (!this.topics.includes(frame.topic)) this.topics.push(frame.topic);
        break;
      case "here": case "typing": case "warn": case "bye":
        break;
      default:
        return [];
    }
    return [frame];
  }

  /** @param {Frame} frame */
  #numbered(frame) {
    const at = this.cursor?.n ?? 0;
    const key = `${frame.topic} ${frame.kind ?? frame.t} ${frame.id ?? ""}`;
    if (frame.n < at || (frame.n === at && this.#atN.has(key))) return [];
    this.#advance(frame.n);
    this.#atN.add(key);
    if (typeof frame.consultation === "string" && typeof frame.v === "number") {
      if (frame.v < (this.#versions.get(frame.consultation) ?? 0)) return [];
      this.#versions.set(frame.consultation, frame.v);
    }
    return [frame];
  }

  /** Topics that this welcome opens and the cursor does not cover: as if `sub` had been answered now. @param {Frame} frame */
  #nowHeard({ topics, n }) {
    const opened = this.topics.filter((topic) => this.#uncovered.has(topic) && (topics[topic] ?? "not-found") !== "not-found");
    for (const [topic, verdict] of Object.entries(topics)) {
      if (verdict === "not-found") this.#uncovered.add(topic);
      else this.#uncovered.delete(topic);
    }
    return opened.map((topic) => ({ t: "re", topic, n }));
  }

  /** @param {Frame} frame */
  #restart({ era, n }) {
    this.cursor = { era, n };
    this.#atN.clear();
    this.#versions.clear();
  }

  /** @param {number} n */
  #advance(n) {
    if (!this.cursor || n <= this.cursor.n) return;
    this.cursor = { era: this.cursor.era, n };
    this.#atN.clear();
  }
}

/** @param {string} text */
function wellFormed(text) {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
