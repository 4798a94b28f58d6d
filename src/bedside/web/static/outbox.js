// What could not be sent yet, kept over a reload and a closed tab: sealed (AES-GCM) under a key that stands in the
// signed-in page and is stored nowhere. What lies on the device opens only for the same person, signed in again.
// Where the browser seals nothing, nothing is kept: then it lives and dies with this page, and the page says so.

/** @typedef {{ id: string, content: string, at: number }} Unsent */

export class Outbox {
  /** @type {Promise<CryptoKey> | null} */ #key = null;
  #prefix = "";

  /** @param {string} visit @param {string | undefined} key base64 */
  constructor(visit, key) {
    if (!key || !visit || !crypto.subtle) return;
    this.#prefix = `bedside.unsent.${visit}.`;
    this.#key = crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  get keeps() { return this.#key !== null; }

  /** @param {Unsent} unsent */
  async put(unsent) {
    if (!this.#key) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const words = new TextEncoder().encode(JSON.stringify(unsent));
    const sealed = new Uint8Array(await crypto.subtle.encrypt(this.#how(iv, unsent.id), await this.#key, words));
    try {
      localStorage.setItem(this.#prefix + unsent.id, btoa(String.fromCharCode(...iv, ...sealed)));
    } catch { /* no room, or not allowed: it lives with this page */ }
  }

  /** @param {string} id */
  forget(id) {
    try { if (this.#key) localStorage.removeItem(this.#prefix + id); } catch { /* nothing was kept */ }
  }

  /** In the order in which it was written. What does not open is not ours, and is thrown away. @returns {Promise<Unsent[]>} */
  async all() {
    /** @type {Unsent[]} */ const found = [];
    for (const name of names().filter((one) => this.#key && one.startsWith(this.#prefix))) {
      const id = name.slice(this.#prefix.length);
      try {
        const raw = bytes(localStorage.getItem(name) ?? "");
        const key = await /** @type {Promise<CryptoKey>} */ (this.#key);
        const opened = await crypto.subtle.decrypt(this.#how(raw.slice(0, 12), id), key, raw.slice(12));
        found.push(JSON.parse(new TextDecoder().decode(opened)));
      } catch {
        this.forget(id);
      }
    }
    return found.sort((one, other) => one.at - other.at);
  }

  /** @param {Uint8Array<ArrayBuffer>} iv @param {string} id */
  #how(iv, id) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(this.#prefix + id) };
  }
}

/** @param {string} base64 */
const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

function names() {
  try { return Object.keys(localStorage); } catch { return []; }
}
