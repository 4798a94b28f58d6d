"""What an operator does beside serving: begin a clinic, look whether it is safe, copy it, bring a copy back."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.markup import escape

from bedside.cli import links
from bedside.cli.progress import Progress, console
from bedside.config import Settings
from bedside.crypto.held import Health
from bedside.founding import Plan


def init(data: Path, plan: Plan, *, database_url: str | None, address: str) -> None:
    """Begin the clinic, and print how its administrator comes in."""
    from bedside import app, founding
    from bedside.ground import ground
    from bedside.realtime import SystemClock

    if mistakes := plan.mistakes():
        raise founding.NotFounded(" ".join(mistakes))
    settings = Settings(data=data, database_url=database_url)

    async def begin(progress: Progress) -> str:
        async with ground(settings, say=progress.say) as below:
            progress.say("the clinic")
            return await founding.found(app.furnish(below.database, below.keystore, SystemClock()), plan)

    with links.running(data, together=database_url is not None), Progress("Bedside") as progress:
        secret = asyncio.run(begin(progress))
    serve = "bedside serve" + ("" if database_url else " --embedded")
    console.print(f"\n[bold]{escape(plan.name)}[/] is founded. Start it now: [bold]{serve}[/]")
    console.print(
        f"Then {escape(plan.administrator)} comes in by this link, once, within fifteen minutes "
        "(later, while it runs, `bedside links` makes another):"
    )
    console.print(f"  {address.rstrip('/')}/s/{secret}", soft_wrap=True, markup=False)


def doctor(data: Path, *, database_url: str | None, tls_cert: Path | None, tls_key: Path | None) -> int:
    """Say what is unsafe. 1 where something is red."""
    from bedside import doctor as looks
    from bedside.store.embedded import beside

    settings = Settings(data=data, database_url=database_url, tls_cert=tls_cert, tls_key=tls_key)

    async def look() -> list[looks.Finding]:
        here = contextlib.nullcontext(database_url) if database_url else beside(data)
        async with here as dsn:
            return await looks.look_at_database(dsn)

    found = [*looks.look_at_machine(settings), *asyncio.run(look())]
    for finding in sorted(found, key=lambda each: not each.red):
        mark = "[bold red]✗[/]" if finding.red else "[yellow]![/]"
        console.print(f"{mark} [bold]{finding.slug}[/]  {escape(str(finding))}", soft_wrap=True)
    if not any(finding.red for finding in found):
        console.print("[green]✓[/] `bedside serve` would start.")
    return int(any(finding.red for finding in found))


def backup(data: Path, into: Path, *, database_url: str | None) -> None:
    """Copy the clinic, while it runs or not."""
    from bedside.backup import take
    from bedside.store.embedded import beside

    async def copy() -> None:
        here = contextlib.nullcontext(database_url) if database_url else beside(data)
        async with here as dsn:
            await take(dsn, data / "keystore", into, now=datetime.now(UTC))

    asyncio.run(copy())
    console.print(f"[green]✓[/] The clinic is copied to {escape(str(into))}, and the copy's sums are written.")
    root = data / "keystore" / "root.key"
    if root.exists():
        console.print(
            f"[yellow]![/] The root key is not in it, and nobody reads the copy without it: keep {escape(str(root))} "
            "too, somewhere else.",
            soft_wrap=True,
        )


def restore(
    data: Path, copy: Path, *, database_url: str | None, root_key: Path | None, tombstones: Sequence[Path]
) -> None:
    """Bring a copy back into an empty place. What was destroyed since stays destroyed."""
    from bedside import backup as copies
    from bedside.crypto import SqliteKeystore
    from bedside.ground import passwords_of
    from bedside.store.embedded import beside
    from bedside.store.migrate import make_roles

    manifest = copies.check(copy)
    copies.lay_keys(copy, data, root_key)

    async def bring() -> tuple[int, Health]:
        async with SqliteKeystore(data / "keystore") as keystore:
            revived = await copies.bury(copy, keystore, tombstones)
            here = contextlib.nullcontext(database_url) if database_url else beside(data)
            async with here as dsn:
                await make_roles(dsn, passwords_of(keystore))
                await copies.fill(copy, manifest, dsn)
            return revived, await keystore.check(thorough=True)

    with links.running(data):
        revived, health = asyncio.run(bring())
    console.print(f"[green]✓[/] The clinic of {manifest.made_at:%Y-%m-%d %H:%M} UTC is back in {escape(str(data))}.")
    console.print(f"  {health.keys} keys; {revived} that had been destroyed since are destroyed again.")
    for trouble in health.troubles:
        console.print(f"[bold red]✗[/] {escape(trouble)}")
