// The bell. What rings is the page's own truth: <body data-bell> names who waits or which call it is.
// A key that was not there before rings; so a missed notice or a reload cannot swallow it.

/** @typedef {{ notes: number[], each: number, level: number, shake: number[], every: number[] }} Tune */
const EVERY_FIVE_SECONDS = Array.from({ length: 12 }, (_, i) => (i + 1) * 5000);
/** @type {Record<string, Tune>} */
const TUNES = {
  waits: { notes: [523.25, 659.25], each: 0.18, level: -14, shake: [120], every: [120_000, 300_000] },
  ready: { notes: [392, 493.88, 587.33], each: 0.25, level: -10, shake: [200, 100, 200, 100, 400], every: EVERY_FIVE_SECONDS },
};
const PLAIN = new URL("favicon.svg", import.meta.url).pathname, LIT = new URL("favicon-lit.svg", import.meta.url).pathname;
/** @type {AudioContext | undefined} */
let audio;
let quiet = false;
/** The tap that unlocks the sound must not switch it off again when it arrives as a click. */
let byThisTap = false;
let lastRing = 0;
/** @type {Map<string, ReturnType<typeof setTimeout>[]>} */
const ringing = new Map();

/** Browsers allow sound after the first tap. */
function unlock() {
  byThisTap = audio?.state !== "running";
  if (!audio) (audio = new AudioContext()).addEventListener("statechange", drawSwitch);
  if (audio.state === "suspended") void audio.resume().then(drawSwitch);
}
addEventListener("pointerdown", unlock, { capture: true });
addEventListener("keydown", unlock, { capture: true });

/** Play a tune now. @param {string} kind */
export function play(kind) {
  const tune = TUNES[kind];
  if (!tune || quiet) return;
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(tune.shake);
  if (!audio || audio.state !== "running") return;
  const start = audio.currentTime + 0.02;
  tune.notes.forEach((pitch, i) => {
    tone(pitch, start + i * tune.each, tune.each, tune.level);
    tone(pitch * 2, start + i * tune.each, tune.each, tune.level - 14);
  });
}

/** @param {number} pitch @param {number} at @param {number} length @param {number} level in dBFS */
function tone(pitch, at, length, level) {
  if (!audio) return;
  const wave = new OscillatorNode(audio, { type: "sine", frequency: pitch });
  const loud = new GainNode(audio, { gain: 0 });
  loud.gain.setValueAtTime(0, at);
  loud.gain.linearRampToValueAtTime(10 ** (level / 20), at + 0.015);
  loud.gain.exponentialRampToValueAtTime(0.0001, at + length + 0.12);
  wave.connect(loud).connect(audio.destination);
  wave.start(at);
  wave.stop(at + length + 0.15);
}

/** Look at the page: ring for what is new, stop for what is gone. */
function listen() {
  const { bell = "", bellKind = "" } = document.body.dataset;
  const keys = bell.split(" ").filter(Boolean);
  for (const [key, timers] of ringing) if (!keys.includes(key)) { timers.forEach(clearTimeout); ringing.delete(key); }
  const fresh = keys.filter((key) => !ringing.has(key));
  for (const key of fresh) {
    ringing.set(key, (TUNES[bellKind]?.every ?? []).map((after) => setTimeout(() => play(bellKind), after)));
  }
  // Several people within 20 seconds ring once; a call to the patient always rings.
  if (fresh.length && (bellKind === "ready" || Date.now() - lastRing > 20_000)) { lastRing = Date.now(); play(bellKind); say(); }
  badge(keys.length, bellKind);
}

/** The title and the lamp in the tab say it too. @param {number} count @param {string} kind */
function badge(count, kind) {
  const plain = document.title.replace(/^(\(\d+\)|●) /, "");
  document.title = count ? `${kind === "ready" ? "●" : `(${count})`} ${plain}` : plain;
  const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=icon]"));
  const href = count ? LIT : PLAIN;
  if (icon && icon.getAttribute("href") !== href) icon.href = href;
}

/** A notification carries no name, no reason, no clinic: only that it is time to look. */
function say() {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  const note = new Notification("Bedside", { body: document.body.dataset.said ?? "", tag: "bedside", icon: LIT });
  note.onclick = () => { window.focus(); note.close(); };
}

function drawSwitch() {
  for (const element of document.querySelectorAll("bell-switch")) {
    const box = /** @type {HTMLElement} */ (element), button = box.querySelector("button"), words = box.querySelector("span");
    const locked = !quiet && audio?.state !== "running";
    box.hidden = box.hasAttribute("data-only-locked") && !locked;
    button?.setAttribute("aria-pressed", String(!quiet && !locked));
    if (words) words.textContent = (locked ? box.dataset.locked : quiet ? box.dataset.off : box.dataset.on) ?? "";
  }
  for (const box of document.querySelectorAll("hear-bell")) /** @type {HTMLElement} */ (box).hidden = false;
  for (const box of document.querySelectorAll("ring-permission")) {
    /** @type {HTMLElement} */ (box).hidden = !("Notification" in window && Notification.permission === "default");
  }
}

document.addEventListener("click", (event) => {
  const place = event.target instanceof Element ? event.target : null;
  if (place?.closest("hear-bell, [data-hear]")) { unlock(); setTimeout(() => play(place.closest("[data-hear]") ? "ready" : "waits"), 60); }
  if (place?.closest("bell-switch")) {
    if (audio?.state === "running" && !byThisTap) quiet = !quiet;
    byThisTap = false;
    drawSwitch();
    if (!quiet) setTimeout(() => play("waits"), 60);
  }
  if (place?.closest("ring-permission")) void Notification.requestPermission().then(drawSwitch);
});
document.addEventListener("bedside:fresh", () => { listen(); drawSwitch(); });
listen();
drawSwitch();
