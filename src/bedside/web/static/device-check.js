// <device-check>: camera, microphone and connection, with honest results. Only the result codes leave this device.

import { copy } from "./trusted.js";

/** @typedef {"camera" | "microphone" | "connection"} Step */
/** @typedef {"works" | "weak" | "blocked" | "missing" | "testing" | "skipped"} Result */

class DeviceCheck extends HTMLElement {
  /** @type {MediaStream[]} */
  streams = [];

  tested = false;
  draw = () => this.show();
  pressed = (/** @type {Event} */ event) => {
    if (event.target instanceof Element && event.target.closest("[data-test]")) void this.test();
  };

  connectedCallback() {
    /** @type {Record<string, string>} */
    this.words = JSON.parse(this.dataset.words ?? "{}");
    this.find("[data-plain]").hidden = true;
    this.find("[data-hear]").hidden = false;
    document.addEventListener("click", this.pressed);
    // The buttons stand outside, where a fresh page overwrites them.
    document.addEventListener("bedside:fresh", this.draw);
    this.show();
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.pressed);
    document.removeEventListener("bedside:fresh", this.draw);
    this.stop();
  }

  /** The next step is the test; once everything has a result, it is to go on. Skipping takes a reason. */
  show() {
    const results = [...this.querySelectorAll("input[type=hidden]")].map((input) => /** @type {HTMLInputElement} */ (input).value);
    const told = results.every((value) => value !== "skipped");
    const test = /** @type {HTMLElement | null} */ (document.querySelector("[data-test]"));
    const go = /** @type {HTMLElement | null} */ (document.querySelector("[data-go]"));
    const reason = /** @type {HTMLElement | null} */ (document.querySelector("[data-reason]"));
    const select = reason?.querySelector("select");
    if (test) test.hidden = false;
    test?.classList.toggle("main", !told);
    const words = test?.querySelector("span");
    if (words && this.tested) words.textContent = this.words?.again ?? "";
    if (go) go.hidden = !told;
    go?.classList.toggle("main", told);
    if (reason) reason.hidden = told;
    if (select) select.disabled = told;
  }

  /** @param {string} what @returns {HTMLElement} */
  find(what) { return /** @type {HTMLElement} */ (this.querySelector(what)); }

  async test() {
    this.stop();
    this.tested = true;
    for (const step of /** @type {Step[]} */ (["camera", "microphone", "connection"])) this.result(step, "testing");
    // Asked apart: a missing camera must not hide a working microphone.
    await Promise.all([this.camera(), this.connection()]);
    await this.microphone();
  }

  async camera() {
    const stream = await this.open({ video: { width: 640 } }, "camera");
    if (!stream) return;
    const video = /** @type {HTMLVideoElement} */ (this.find("video"));
    video.srcObject = stream;
    video.hidden = false;
    this.find("[data-dark]").hidden = true;
    this.find("[data-only-you]").hidden = false;
    this.result("camera", "works");
  }

  async microphone() {
    const stream = await this.open({ audio: true }, "microphone");
    if (!stream) return;
    const context = new AudioContext(), ear = context.createAnalyser(), wave = new Float32Array(ear.fftSize);
    context.createMediaStreamSource(stream).connect(ear);
    const bars = [...this.querySelectorAll(".meter i")];
    this.find(".meter").hidden = false;
    let heard = false;
    const listening = setInterval(() => {
      if (!stream.active) { clearInterval(listening); void context.close(); return; }
      ear.getFloatTimeDomainData(wave);
      const loud = Math.min(bars.length, Math.round(Math.sqrt(wave.reduce((sum, x) => sum + x * x, 0) / wave.length) * 60));
      bars.forEach((bar, i) => bar.classList.toggle("on", i < loud));
      if (loud > 0 && !heard) { heard = true; this.result("microphone", "works"); }
    }, 100);
    this.result("microphone", "testing", "microphone-quiet");
  }

  /** A few small requests to the clinic itself: how long, and do all arrive. */
  async connection() {
    const times = [];
    for (let i = 0; i < 5; i += 1) {
      const start = performance.now();
      try {
        const response = await fetch(`/static/favicon.svg?${i}`, { cache: "no-store", signal: AbortSignal.timeout(4000) });
        await response.arrayBuffer();
        times.push(performance.now() - start);
      } catch { /* one that did not arrive counts as missing */ }
    }
    const middle = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Infinity;
    if (!times.length) this.result("connection", "missing", "connection-missing");
    else if (times.length < 5 || middle > 400) this.result("connection", "weak", "connection-weak");
    else this.result("connection", "works");
  }

  /** @param {MediaStreamConstraints} wish @param {"camera" | "microphone"} step */
  async open(wish, step) {
    if (!navigator.mediaDevices) { this.result(step, "blocked", "insecure"); return null; }
    try {
      const stream = await navigator.mediaDevices.getUserMedia(wish);
      this.streams.push(stream);
      return stream;
    } catch (error) {
      const refused = error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "SecurityError");
      this.result(step, refused ? "blocked" : "missing", `${step}-${refused ? "blocked" : "missing"}`);
      return null;
    }
  }

  /** @param {Step} step @param {Result} result @param {string} [remedy] */
  result(step, result, remedy) {
    const row = this.find(`[data-step=${step}]`);
    const word = /** @type {HTMLElement} */ (row.querySelector("[data-result]"));
    const help = /** @type {HTMLElement} */ (row.querySelector("[data-remedy]"));
    word.replaceChildren(copy(this.querySelector(`template[data-mark=${result}]`)), this.words?.[`result.${result}`] ?? "");
    word.className = `result ${result}`;
    help.hidden = !remedy;
    help.textContent = remedy ? this.words?.[`remedy.${remedy}`] ?? "" : "";
    /** @type {HTMLInputElement} */ (row.querySelector("input")).value = result === "testing" ? "skipped" : result;
    this.show();
  }

  stop() {
    for (const stream of this.streams.splice(0)) for (const track of stream.getTracks()) track.stop();
  }
}

customElements.define("device-check", DeviceCheck);
