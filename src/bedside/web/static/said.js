// What a screen reader is told by itself. A new step of the visit at once; the wait and the place, marked `data-say`,
// when they change, and at most once a minute. Said in one region that is always there: a region that comes together
// with its words is often not heard.

const MINUTE = 60_000;
const here = /** @type {HTMLElement | null} */ (document.querySelector("[data-said-here]"));

/** The words of these parts as they are read out: without what is only drawn. @param {Iterable<Element>} parts */
function spoken(parts) {
  const words = [];
  for (const part of parts) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (!texts.currentNode.parentElement?.closest("[aria-hidden=true], svg")) words.push(texts.currentNode.nodeValue ?? "");
    words.push(" ");
  }
  return words.join(" ").replace(/\s+/g, " ").trim();
}

const step = () => spoken(document.querySelectorAll("main h1"));
const wait = () => spoken(document.querySelectorAll("main [data-say]"));

let stepTold = step();
let waitTold = wait();
let lastAt = -Infinity;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let planned;

/** @param {string} words */
function say(words) {
  lastAt = Date.now();
  if (here) here.textContent = words;
}

function listen() {
  clearTimeout(planned);
  const now = step();
  if (now !== stepTold) {
    stepTold = now;
    waitTold = wait();
    // What has the focus is read out anyway.
    if (!document.activeElement?.matches("h1")) say(now);
    return;
  }
  if (wait() === waitTold) return;
  const rest = lastAt + MINUTE - Date.now();
  if (rest > 0) { planned = setTimeout(listen, rest); return; }
  waitTold = wait();
  say(waitTold);
}

document.addEventListener("bedside:fresh", listen);
