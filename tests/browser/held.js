// What somebody has begun on a page, and whether it is all there still when the page was renewed.

const keyOf = (node) => node.dataset.key || node.id;
const named = (root) => [...root.querySelectorAll("[data-key], [id]")].filter((node) => !node.closest("dialog *"));
const fetched = async () => {
  const { parsed } = await import("/trusted.js");
  return parsed(await fetch("/next.html"));
};

/** As it is written, but for what a person's hand decides. */
function written(root) {
  const copy = root.cloneNode(true);
  for (const node of copy.querySelectorAll("details")) node.removeAttribute("open");
  for (const node of copy.querySelectorAll("dialog")) { node.removeAttribute("open"); node.replaceChildren(); }
  for (const node of copy.querySelectorAll("[data-mine]")) { node.removeAttribute("data-mine"); node.textContent = ""; }
  for (const node of copy.querySelectorAll("[data-once]")) node.remove();
  copy.normalize();
  return copy.innerHTML;
}

const pick = (list, chance) => list[Math.floor(chance() * list.length)];
function chanceOf(seed) {
  let state = seed + 1;
  return () => { state = (state * 1103515245 + 12345) % 2147483648; return state / 2147483648; };
}

/** A page is there; menus are opened, choices made, words begun, a sheet opened over it. */
window.begin = async (withSheet, seed) => {
  const { show } = await import("/morph.js"), chance = chanceOf(seed);
  document.querySelector("dialog")?.close();
  document.body.replaceChildren();
  show(await fetched());
  document.activeElement.blur();
  const one = (what) => pick([...document.querySelectorAll(what)], chance);
  one("details")?.setAttribute("open", "");
  for (const select of document.querySelectorAll("select")) select.selectedIndex = Math.floor(chance() * select.length);
  for (const form of document.forms) pick([...form.querySelectorAll("[type=radio]")], chance).checked = true;
  for (const field of document.querySelectorAll("input[id]")) field.value = `half a ${field.id}`;
  const draft = one("textarea");
  if (draft) draft.value = "Half a sen";
  const told = document.createElement("p");
  told.dataset.once = "";
  document.body.prepend(told);
  if (withSheet) {
    const sheet = document.querySelector("dialog");
    sheet.append(document.createElement("input"));
    sheet.showModal();
  } else one("input[id], textarea, section[tabindex]")?.focus();
};

/** Everything that is held at this moment, and how it is asked whether it still is. */
function holdings() {
  const sheet = document.querySelector("dialog:modal"), focus = document.activeElement, told = document.querySelector("[data-once]");
  const kept = [["told once", () => told.isConnected]];
  if (sheet) kept.push(["the sheet is modal", () => sheet.matches(":modal")], ["the sheet has the focus", () => sheet.contains(document.activeElement)]);
  for (const node of named(document.body)) {
    const key = keyOf(node), still = () => named(document.body).filter((other) => keyOf(other) === key).includes(node);
    kept.push([`${key} is itself`, still, key]);
    if (node === focus) kept.push([`${key} has the focus`, () => document.activeElement === node || !node.checkVisibility(), key]);
    if (node.matches("details[open]")) kept.push([`${key} is open`, () => node.open, key]);
    if (node.matches("input, textarea")) { const value = node.value; kept.push([`${key} says ${value}`, () => node.value === value || (node.matches("textarea") && value === node.was), key]); }
    if (!node.querySelector(":scope > form")) continue;
    const choice = () => [node.querySelector("select").value, node.querySelector("input:checked")?.value].join();
    const made = choice();
    kept.push([`${key} chose ${made}`, () => choice() === made, key]);
  }
  return kept;
}

/** What is wrong after the page was renewed, and how much was held. */
window.renew = async () => {
  const { show } = await import("/morph.js");
  const next = await fetched(), keys = new Set(named(next.body).map(keyOf));
  for (const draft of document.querySelectorAll("textarea")) draft.was = draft.value === draft.defaultValue ? draft.value : undefined;
  const held = holdings().filter(([, , key]) => !key || keys.has(key));
  show(next);
  const faults = held.filter(([, still]) => !still()).map(([what]) => what);
  for (const draft of document.querySelectorAll("textarea")) {
    if (draft.value === draft.defaultValue && draft !== document.activeElement) continue;
    draft.dataset.mine = "";
    next.getElementById(draft.id)?.setAttribute("data-mine", "");
  }
  if (written(document.body) !== written(next.body)) faults.push(`shown ${written(document.body)} instead of ${written(next.body)}`);
  for (const draft of document.querySelectorAll("textarea")) draft.removeAttribute("data-mine");
  return [faults, held.length];
};
