// <wait-since> counts whole minutes by the clinic's clock, which the page brought along.

/** How far this device's clock is from the clinic's, in milliseconds. */
export function offset() {
  const root = document.documentElement;
  const read = Number((root.dataset.read ??= String(Date.now())));
  return new Date(root.dataset.now ?? Date.now()).getTime() - read;
}

/** The clinic's wall clock at this moment, as 10:46. @param {number} [at] */
export function wallClock(at = Date.now() + offset()) {
  const zone = document.documentElement.dataset.zone || undefined;
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(at);
}

class WaitSince extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.tick(), 10_000);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const time = this.querySelector("time");
    if (!time) return;
    const minutes = Math.max(0, Math.floor((Date.now() + offset() - new Date(time.dateTime).getTime()) / 60_000));
    const words = minutes ? (this.dataset.words ?? "{n}").replace("{n}", String(minutes)) : this.dataset.zero ?? "";
    if (time.textContent !== words) time.textContent = words;
  }
}

customElements.define("wait-since", WaitSince);
