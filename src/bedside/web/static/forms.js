// A form sends itself in the background: busy while it goes, the mistake shown in its place, the same key when it is
// sent again, and never twice at once. Without this file every form works as a plain one.

import { arrived, look } from "./fresh.js";
import { fill } from "./sheet.js";
import { parsed } from "./trusted.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || form.matches("[data-plain], [data-chat]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  void send(form, /** @type {HTMLButtonElement | null} */ (event.submitter));
});

/** @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
async function send(form, button) {
  const words = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) if (typeof value === "string") words.append(name, value);
  busy(form, button, true);
  form.querySelector("[data-trouble-here]")?.remove();
  try {
    const response = await fetch(form.action, {
      method: "POST", body: words, headers: { "X-Fragment": "main", Accept: "application/problem+json, */*;q=0.5" },
    });
    busy(form, button, false);
    await answered(form, response);
  } catch {
    busy(form, button, false);
    trouble(form, document.body.dataset.unsent ?? "");
  }
}

/** @param {HTMLFormElement} form @param {Response} response */
async function answered(form, response) {
  if ((response.headers.get("content-type") ?? "").includes("problem+json")) {
    const problem = await response.json();
    trouble(form, problem.title ?? "");
    if (response.status === 409 || response.status === 404) look();
    return;
  }
  const sheet = form.closest("dialog");
  if (!response.redirected && sheet && response.headers.get("content-type")?.startsWith("text/html")) {
    // It did not come to pass: the sheet shows how it is now, and so does what lies behind it.
    if (fill(sheet, await parsed(response))) /** @type {HTMLElement | null} */ (sheet.querySelector("h1"))?.focus();
    return response.ok ? undefined : look();
  }
  if (response.ok) closeMenus(form);
  if (new URL(response.url).pathname === location.pathname) sheet?.close();
  await arrived(response);
  const wrong = /** @type {HTMLElement | null} */ (document.querySelector("[aria-invalid='true']"));
  if (!response.ok) wrong?.focus();
}

/** @param {HTMLFormElement} form */
function closeMenus(form) {
  form.closest("details.menu, details.ask, details.control-menu")?.removeAttribute("open");
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement | null} button @param {boolean} on */
function busy(form, button, on) {
  form.toggleAttribute("aria-busy", on);
  button?.toggleAttribute("aria-busy", on);
  if (on) for (const element of [form, button]) element?.setAttribute("aria-busy", "true");
}

/** Say what went wrong where it was asked, and leave everything that was typed. @param {HTMLFormElement} form @param {string} sentence */
function trouble(form, sentence) {
  const note = document.createElement("p");
  note.className = "mistake";
  note.setAttribute("role", "alert");
  note.dataset.troubleHere = "";
  note.textContent = sentence;
  form.prepend(note);
}
