// Makes one tree like another while keeping what a person holds: focus, drafts, open menus, scroll.
// Elements with the same id or data-key are the same thing wherever they move; `data-keep` is never touched.

/** @param {Node} node */
const keyOf = (node) => (node instanceof Element ? node.getAttribute("data-key") || node.id || null : null);

/** @param {Element} element */
const isHeld = (element) =>
  element.hasAttribute("data-keep") || element.hasAttribute("data-pending") || (element instanceof HTMLDialogElement && element.open) ||
  (element instanceof HTMLFormElement && element.getAttribute("aria-busy") === "true");

/**
 * @param {Element} now what is shown
 * @param {Element} next what should be shown
 */
export function morph(now, next) {
  if (isHeld(now)) return;
  attributes(now, next);
  if (now instanceof HTMLTextAreaElement) {
    if (now.value === now.defaultValue && now !== document.activeElement) now.value = /** @type {HTMLTextAreaElement} */ (next).defaultValue;
    return;
  }
  children(now, next);
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

/** @param {Element} now @param {Element} next */
function children(now, next) {
  const keyed = new Map([...now.childNodes].flatMap((node) => (keyOf(node) ? [[keyOf(node), node]] : [])));
  /** @type {ChildNode | null} */
  let spot = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    const key = keyOf(wanted);
    while (spot && !key && (keyOf(spot) || kept(spot))) spot = spot.nextSibling;
    const known = key ? keyed.get(key) : spot && spot.nodeName === wanted.nodeName ? spot : undefined;
    if (known && known.nodeName === wanted.nodeName) {
      if (key) keyed.delete(key);
      if (known === spot) spot = spot.nextSibling;
      else now.insertBefore(known, spot);
      mark(known);
      if (known instanceof Element) morph(known, /** @type {Element} */ (wanted));
      else if (known.nodeValue !== wanted.nodeValue) known.nodeValue = wanted.nodeValue;
    } else {
      const fresh = document.importNode(wanted, true);
      now.insertBefore(fresh, spot);
      mark(fresh);
    }
  }
  for (const old of [...now.childNodes]) if (!seen.has(old) && !kept(old)) old.remove();
}

/** @type {WeakSet<Node>} */
let seen = new WeakSet();
/** @param {Node} node */
const mark = (node) => seen.add(node);
/** @param {Node} node */
const kept = (node) => node instanceof Element && (node.hasAttribute("data-pending") || node.hasAttribute("data-trouble-here") || node.hasAttribute("data-toast"));

/**
 * Show this document instead, as gently as possible.
 * @param {Document} next
 */
export function show(next) {
  seen = new WeakSet();
  const focused = document.activeElement;
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  document.documentElement.dataset.now = next.documentElement.dataset.now ?? "";
  document.documentElement.dataset.read = String(Date.now());
  morph(document.body, next.body);
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
  seen = new WeakSet();
  morph(now, next);
  document.dispatchEvent(new CustomEvent("bedside:fresh"));
}

/** What had the focus is gone: the heading of what is here now takes it. */
function settle() {
  const heading = /** @type {HTMLElement | null} */ (document.querySelector("main h1"));
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}
