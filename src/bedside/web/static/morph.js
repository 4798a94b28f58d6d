// Makes one tree like another while keeping what a person holds: focus, drafts, open menus, an open sheet, scroll.
//
// What has a key (`data-key`, an id, what a choice stands for) is the same thing wherever it moves, and is never made
// anew. The rest is matched by its look, in order. `data-keep` is never touched. First goes what goes away, then what
// moves is put around what stays: an open sheet, and what has the focus, always stay. A sheet that is taken out and
// put back is shown, but modal no more.

/** @param {Node} node */
function keyOf(node) {
  if (!(node instanceof Element)) return null;
  const own = node.getAttribute("data-key") || node.id;
  if (own || !node.matches("option, [type=radio], [type=checkbox]")) return own || null;
  const name = (node.closest("select") ?? node).getAttribute("name");
  return `${node.closest("form")?.getAttribute("action")} ${name} ${node.getAttribute("value")}`;
}

/** Two without a key are the same if they look the same: the first class says what it is. @param {Node} node */
const lookOf = (node) => (node instanceof Element ? `${node.nodeName} ${node.classList[0] ?? ""}` : node.nodeName);

/** @param {Element} element */
const isHeld = (element) =>
  element.hasAttribute("data-keep") || element.hasAttribute("data-pending") || (element instanceof HTMLDialogElement && element.open) ||
  (element instanceof HTMLFormElement && element.getAttribute("aria-busy") === "true");

/** Not there in a later reading, and yet not over: on its way, in trouble, told for a while, shown only once. @param {Node} node */
const isKept = (node) => node instanceof Element && node.matches("[data-pending], [data-trouble-here], [data-toast], [data-once]");

/** One reading of the page: what is on it and may be found again. */
class Reading {
  /** @type {Map<string, Element[]>} */ #known = new Map();
  /** @type {WeakSet<Node>} */ #found = new WeakSet();

  /** @param {Element} page */
  constructor(page) {
    this.#know(page);
  }

  /** @param {Element} element */
  #know(element) {
    const key = keyOf(element);
    if (key) queue(this.#known, key).push(element);
    if (!isHeld(element)) for (const child of element.children) this.#know(child);
  }

  /** @param {Element} now what is shown @param {Element} next what should be shown */
  morph(now, next) {
    if (isHeld(now)) return;
    attributes(now, next);
    if (now instanceof HTMLTextAreaElement) draft(now, /** @type {HTMLTextAreaElement} */ (next));
    else this.#children(now, next);
  }

  /** @param {Element} now @param {Element} next */
  #children(now, next) {
    const wanted = [...next.childNodes], found = this.#find(now, wanted), staying = new Set(found);
    for (const old of [...now.childNodes]) if (!staying.has(old) && !isKept(old)) old.remove();
    place(now, wanted.map((node, i) => found[i] ?? this.#made(node)));
    found.forEach((node, i) => {
      if (node instanceof Element) this.morph(node, /** @type {Element} */ (wanted[i]));
      else if (node && node.nodeValue !== wanted[i].nodeValue) node.nodeValue = wanted[i].nodeValue;
    });
  }

  /** For each of these the node that is it already, here or elsewhere on the page. @param {Element} now @param {Node[]} wanted */
  #find(now, wanted) {
    /** @type {Map<string, Node[]>} */ const nameless = new Map();
    for (const node of now.childNodes) if (!keyOf(node) && !isKept(node)) queue(nameless, lookOf(node)).push(node);
    return wanted.map((node) => {
      const key = keyOf(node);
      if (!key) return nameless.get(lookOf(node))?.shift();
      const same = (this.#known.get(key) ?? []).filter((one) => one.nodeName === node.nodeName && !this.#found.has(one));
      const found = same.find((one) => one.parentNode === now) ?? same[0];
      if (found) this.#found.add(found);
      return found;
    });
  }

  /** Something new, and in it whatever is known. Whole before it is shown: its parts may count on one another. @param {Node} wanted */
  #made(wanted) {
    const whole = !(wanted instanceof Element) || wanted instanceof HTMLTemplateElement;
    const made = document.importNode(wanted, whole);
    if (!whole) this.#children(/** @type {Element} */ (made), wanted);
    return made;
  }
}

/** @template Item @param {Map<string, Item[]>} queues @param {string} name @returns {Item[]} */
function queue(queues, name) {
  if (!queues.has(name)) queues.set(name, []);
  return /** @type {Item[]} */ (queues.get(name));
}

/** Put these in this order, and move as few as can be. @param {Element} now @param {Node[]} nodes */
function place(now, nodes) {
  const stay = staying(now, nodes);
  /** @type {Node | null} */ let last = null;
  for (const node of nodes) {
    if (!stay.has(node)) now.insertBefore(node, last ? last.nextSibling : now.firstChild);
    last = node;
  }
}

/** The longest run that is in order already, around what must not be moved. @param {Element} now @param {Node[]} nodes */
function staying(now, nodes) {
  const at = new Map([...now.childNodes].map((node, i) => [/** @type {Node} */ (node), i]));
  const place = (/** @type {Node} */ node) => at.get(node) ?? -1;
  const here = nodes.filter((node) => at.has(node));
  const held = document.querySelector("dialog[open]") ?? document.activeElement;
  const fixed = here.findIndex((node) => held !== document.body && node.contains(held));
  /** @type {Node[]} */ const ends = [];
  /** @type {Map<Node, Node | undefined>} */ const before = new Map();
  here.forEach((node, i) => {
    if (fixed >= 0 && Math.sign(i - fixed) !== Math.sign(place(node) - place(here[fixed]))) return;
    const length = ends.findLastIndex((end) => place(end) < place(node)) + 1;
    before.set(node, ends[length - 1]);
    ends[length] = node;
  });
  /** @type {Set<Node>} */ const stay = new Set();
  for (let node = ends.at(-1); node; node = before.get(node)) stay.add(node);
  return stay;
}

/** @param {Element} now @param {Element} next */
function attributes(now, next) {
  const own = now instanceof HTMLDetailsElement || now instanceof HTMLDialogElement ? "open" : "";
  // What has the focus stays able to have it.
  const stop = now === document.activeElement ? "tabindex" : "";
  for (const { name } of [...now.attributes]) {
    if (name !== own && name !== stop && !next.hasAttribute(name)) now.removeAttribute(name);
  }
  for (const { name, value } of [...next.attributes]) {
    if (name !== own && now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  if (now instanceof HTMLInputElement && now.type === "hidden") now.value = /** @type {HTMLInputElement} */ (next).value;
}

/** What somebody has begun to write stays. @param {HTMLTextAreaElement} now @param {HTMLTextAreaElement} next */
function draft(now, next) {
  if (now.value !== now.defaultValue || now === document.activeElement) return;
  now.defaultValue = now.value = next.defaultValue;
}

/**
 * Show this document instead, as gently as possible.
 * @param {Document} next
 */
export function show(next) {
  const focused = document.activeElement;
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  document.documentElement.dataset.now = next.documentElement.dataset.now ?? "";
  document.documentElement.dataset.read = String(Date.now());
  new Reading(document.body).morph(document.body, next.body);
  if (focused instanceof HTMLElement && focused !== document.body && document.activeElement !== focused) {
    // What was only moved takes the focus with it.
    if (focused.isConnected) focused.focus({ preventScroll: true });
    if (document.activeElement === document.body) settle();
  }
  document.dispatchEvent(new CustomEvent("bedside:fresh"));
}

/**
 * Show one part of the page anew, and leave the rest.
 * @param {Element} now @param {Element} next
 */
export function showPart(now, next) {
  new Reading(now).morph(now, next);
  document.dispatchEvent(new CustomEvent("bedside:fresh"));
}

/** What had the focus is gone: the heading of what is here now takes it. */
function settle() {
  const heading = /** @type {HTMLElement | null} */ (document.querySelector("main h1"));
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}
