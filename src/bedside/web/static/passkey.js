// A passkey: the device asks its owner for a finger, a face or its code, and signs. The answer goes with a plain form.

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
/** @param {ArrayBuffer | null | undefined} raw */
const spelled = (raw) => raw && btoa(String.fromCharCode(...new Uint8Array(raw)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.passkey) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  void asked(form).catch((why) => {
    form.removeAttribute("aria-busy");
    // What the browser says itself is no sentence for people; ours are in the page.
    const { notDone = "", notHere = "" } = form.dataset;
    told(form, why instanceof Refusal ? why.message : window.PublicKeyCredential ? notDone : notHere);
  });
});

/** The clinic's own no, in its words. */
class Refusal extends Error {}

/** @param {HTMLFormElement} form */
async function asked(form) {
  const response = await fetch(form.dataset.passkey ?? "", { headers: { Accept: "application/json" } });
  const options = await response.json();
  if (!response.ok) throw new Refusal(options.title);
  const key = /** @type {PublicKeyCredential | null} */ (await (options.rp ? made(options) : shown(options)));
  const field = form.elements.namedItem("answer");
  if (!key || !(field instanceof HTMLInputElement)) throw new Error("no answer");
  field.value = JSON.stringify(answer(key));
  form.submit();
}

/** @param {any} options */
const made = (options) => navigator.credentials.create({ publicKey: {
  ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
  excludeCredentials: options.excludeCredentials.map((/** @type {any} */ one) => ({ ...one, id: bytes(one.id) })),
} });

/** @param {any} options */
const shown = (options) => navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge) } });

/** @param {PublicKeyCredential} key */
function answer(key) {
  const said = /** @type {any} */ (key.response);
  const parts = { clientDataJSON: said.clientDataJSON, attestationObject: said.attestationObject,
    authenticatorData: said.attestationObject ? undefined : said.authenticatorData, signature: said.signature,
    userHandle: said.userHandle };
  const response = Object.fromEntries(Object.entries(parts).filter(([, raw]) => raw).map(([name, raw]) => [name, spelled(raw)]));
  return { id: key.id, rawId: spelled(key.rawId), type: key.type, response };
}

/** @param {HTMLFormElement} form @param {string} sentence */
function told(form, sentence) {
  form.querySelector("[data-trouble-here]")?.remove();
  const note = document.createElement("p");
  note.className = "mistake";
  note.setAttribute("role", "alert");
  note.dataset.troubleHere = "";
  note.textContent = sentence;
  form.prepend(note);
}
