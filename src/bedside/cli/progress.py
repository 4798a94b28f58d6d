"""What the person at the terminal sees while a clinic starts."""

import time
from types import TracebackType

from rich.console import Console
from rich.status import Status

console = Console(highlight=False)


class Progress:
    """One line per step, a spinner on the one that is running; plain lines where there is no terminal."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._status: Status | None = None
        self._step = ""
        self._since = time.monotonic()

    def __enter__(self) -> "Progress":
        console.print(f"[bold]{self._title}[/]")
        if console.is_terminal:
            self._status = console.status("")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish(done=error is None)
        if self._status:
            self._status.stop()
            self._status = None

    def say(self, step: str) -> None:
        """The next step has begun, and so the one before is done."""
        self._finish(done=True)
        self._step, self._since = step, time.monotonic()
        if self._status:
            self._status.update(f"{step} …")

    def _finish(self, *, done: bool) -> None:
        if not self._step:
            return
        took = time.monotonic() - self._since
        mark = "[green]✓[/]" if done else "[red]✗[/]"
        console.print(f"  {mark} {self._step}" + (f" [dim]{took:.1f} s[/]" if took >= 0.1 else ""))
        self._step = ""
