"""Opens the clinic behind its doors, and tells the person at the terminal where to knock."""

import contextlib
import io
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path

import segno
from rich.markup import escape

from bedside.cli import links, logs, simulated
from bedside.cli.front import Asgi, Front
from bedside.cli.lan import LanCertificate
from bedside.cli.progress import Progress, console
from bedside.cli.runner import Door, run
from bedside.config import Settings


def demo(
    data: Path, doors: Sequence[Door], *, front: Front, authority: LanCertificate | None, simulate: float = 0
) -> int:
    """The invented clinic: everything in one folder, links printed."""
    from bedside import app, crowd

    logs.configure()
    base = doors[-1].url  # the network's address where there is one: its links work on both machines
    settings = Settings(
        data=data, mode="demo", host=doors[0].host, port=doors[0].port, origins=tuple(d.url for d in doors)
    )
    here: list[app.Running] = []

    @contextlib.asynccontextmanager
    async def opening(say: Callable[[str], None]) -> AsyncGenerator[Asgi]:
        async with app.running(settings, say=say) as clinic:
            here.append(clinic)
            yield clinic.asgi

    async def renew() -> None:
        links.write(data, await here[0].links(base))

    with (
        links.running(data) as announce,
        simulated.day(data) as begin,
        Progress("Bedside, a demonstration clinic") as progress,
    ):

        async def ready() -> None:
            progress.say("links")
            await renew()
            announce()
            if simulate:
                begin(await crowd.gather(here[0].house, doors[0].url, pace=simulate))
            progress.__exit__(None, None, None)
            _welcome(data, doors, authority)
            if simulate:
                console.print("\nAn invented day goes on by itself: people come, wait and are seen while you watch.")

        return run(doors, opening, front=front, say=progress.say, ready=ready, refresh=renew)


def in_earnest(
    data: Path, door: Door, *, database_url: str | None, metrics_token: str | None, may_forget: bool
) -> Settings:
    """How a clinic in earnest is set up: the operator's database or our own, one door."""
    return Settings(
        data=data,
        mode="production",
        database_url=database_url,
        may_forget=may_forget,
        host=door.host,
        port=door.port,
        tls_cert=door.cert,
        tls_key=door.key,
        trusted_proxies=door.proxies,
        origins=(door.url,),
        metrics_token=metrics_token,
    )


def serve(settings: Settings, door: Door, *, front: Front, address: str = "") -> int:
    """A clinic in earnest. `address`: where browsers find it, if not at the door."""
    from bedside import app

    logs.configure()
    data = settings.data
    here: list[app.Running] = []

    @contextlib.asynccontextmanager
    async def opening(say: Callable[[str], None]) -> AsyncGenerator[Asgi]:
        async with app.running(settings, say=say) as clinic:
            here.append(clinic)
            yield logs.noted(clinic.asgi)

    async def renew() -> None:
        # Whoever owns the data folder owns the clinic: this is how an administrator without a way in gets one.
        links.write(data, await here[0].keys_for_administrators(address or door.url))

    with links.running(data, together=settings.database_url is not None) as announce, Progress("Bedside") as progress:

        async def ready() -> None:
            progress.__exit__(None, None, None)
            announce()
            everywhere = " on every address of this machine" if door.host in ("0.0.0.0", "::") else ""  # noqa: S104
            console.print(f"\nReady at {door.url}{everywhere}   (Ctrl-C stops it)", markup=False)

        return run([door], opening, front=front, say=progress.say, ready=ready, refresh=renew)


def _welcome(data: Path, doors: Sequence[Door], authority: LanCertificate | None) -> None:
    from bedside.cli import show

    found = links.read(data)
    # As root the database may have to live where its own user can go; the link in the folder says where.
    elsewhere = ", the database where its link leads" if (data / "postgres").is_symlink() else ""
    console.print(
        "\n[bold]The clinic is open.[/] One browser holds one person: "
        "open each in another browser or a private window.\n"
    )
    show(found)
    if authority:
        _on_the_network(doors, authority, found)
    console.print(
        "\nA staff link works once; [bold]make links[/] prints new ones while this runs.\n"
        f"Everything is in [bold]{escape(str(data))}[/]{elsewhere}. Ctrl-C stops it; tomorrow it is all still there.",
        soft_wrap=True,
    )


def _on_the_network(doors: Sequence[Door], authority: LanCertificate, found: dict[str, str]) -> None:
    here, network = doors[0], doors[-1]
    console.print(f"\nOn your network: [bold]{network.url}[/] (scan for the patient's link)\n")
    picture = io.StringIO()
    segno.make(found.get("patient", network.url), error="l").terminal(compact=True, out=picture)
    console.out(picture.getvalue(), highlight=False)
    console.print(
        "\n[bold]The browser will warn you[/], and rightly: this certificate was signed by an authority that "
        "lives only in your data folder, and no browser knows it. Without HTTPS a browser gives no page the "
        "camera, the microphone or notifications; that is why it is here.\n"
        f"  To try it, choose “Advanced” and “Continue to {network.host}”.\n"
        f"  To be rid of the warning, open {here.url}/bedside-authority.crt (this machine) or "
        f"{network.url}/bedside-authority.crt (a phone), compare the fingerprint, and add it to the trusted "
        "authorities of that device.\n"
        f"  Fingerprint (SHA-256): {authority.fingerprint}\n"
        "  It can vouch for addresses of local networks only. Remove it from the device when you are done.\n"
        f"  Plain HTTP is served to this machine only ({here.url}).",
        soft_wrap=True,
    )
    if authority.replaced:
        console.print("  [yellow]It replaces an older authority: devices that trusted that one need this one.[/]")
