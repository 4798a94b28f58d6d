"""What an operator does beside serving: begin a clinic, look whether it is safe."""

import asyncio
from pathlib import Path

from rich.markup import escape

from bedside.cli import links
from bedside.cli.progress import Progress, console
from bedside.config import Settings
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
    from bedside.store.embedded import EmbeddedPostgres

    settings = Settings(data=data, database_url=database_url, tls_cert=tls_cert, tls_key=tls_key)

    async def look() -> list[looks.Finding]:
        if settings.database_url:
            return await looks.look_at_database(settings.database_url)
        with links.running(data):
            async with EmbeddedPostgres(data) as dsn:
                return await looks.look_at_database(dsn)

    found = [*looks.look_at_machine(settings), *asyncio.run(look())]
    for finding in sorted(found, key=lambda each: not each.red):
        mark = "[bold red]✗[/]" if finding.red else "[yellow]![/]"
        console.print(f"{mark} [bold]{finding.slug}[/]  {escape(str(finding))}", soft_wrap=True)
    if not any(finding.red for finding in found):
        console.print("[green]✓[/] `bedside serve` would start.")
    return int(any(finding.red for finding in found))
