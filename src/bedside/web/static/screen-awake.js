// <screen-awake> keeps the screen on while somebody waits, and says whether it could: a locked phone does not ring.

class ScreenAwake extends HTMLElement {
  /** @type {WakeLockSentinel | null} */
  lock = null;
  asking = false;
  seen = () => { if (!document.hidden) void this.hold(); };

  connectedCallback() {
    document.addEventListener("visibilitychange", this.seen);
    void this.hold();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.seen);
    void this.lock?.release();
  }

  async hold() {
    if (this.asking || (this.lock && !this.lock.released)) return;
    this.asking = true;
    try {
      this.lock = await navigator.wakeLock.request("screen");
      this.lock.addEventListener("release", () => this.tell());
      if (!this.isConnected) await this.lock.release();
    } catch { /* not this browser, or the battery is low: the words say so */ }
    this.asking = false;
    this.tell();
  }

  tell() {
    const words = this.querySelector("span"), held = Boolean(this.lock && !this.lock.released);
    if (words) words.textContent = (held ? this.dataset.held : this.dataset.not) ?? "";
  }
}

customElements.define("screen-awake", ScreenAwake);
