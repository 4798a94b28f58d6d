// The one place where text becomes HTML: our own pages, fetched from our own address, parsed without running anything.

/** @typedef {{ createPolicy(name: string, rules: { createHTML(text: string): string }): { createHTML(text: string): string } }} Factory */

const factory = /** @type {{ trustedTypes?: Factory }} */ (/** @type {unknown} */ (window)).trustedTypes;
const policy = factory?.createPolicy("bedside", { createHTML: (text) => text });

/**
 * A page of ours as a document that is not shown.
 * @param {Response} response
 * @returns {Promise<Document>}
 */
export async function parsed(response) {
  if (new URL(response.url).origin !== location.origin) throw new Error("not our page");
  const text = await response.text();
  return new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
}

/**
 * Make this the only child's copy: an icon that stands in a template on the page.
 * @param {HTMLTemplateElement | null | undefined} template
 * @returns {Node}
 */
export const copy = (template) => template?.content.cloneNode(true) ?? document.createTextNode("");
