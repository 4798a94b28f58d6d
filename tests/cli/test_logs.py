"""Nothing about a person reaches a log, whoever writes it."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bedside.cli import logs
from bedside.cli.front import Message, Receive, Scope, Send


@pytest.fixture(autouse=True)
def as_in_production() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.reset_defaults()


@pytest.mark.spec("S284")
def test_only_known_fields_are_kept(capsys: pytest.CaptureFixture[str]):
    logs.configure()
    structlog.get_logger().warning("loop_failed", loop="ear", name="canary-amara", error="OSError")
    told = capsys.readouterr().err
    assert "loop_failed" in told
    assert '"loop": "ear"' in told
    assert "canary" not in told
    assert '"count_left_out": 1' in told


def test_a_value_cannot_break_out_of_its_line(capsys: pytest.CaptureFixture[str]):
    """Line ends, escapes and quotes that would end the line's JSON: one event stays one line that says what it said."""
    logs.configure()
    for evil in ('\r\n{"event": "forged"}', "\x1b[31m", '"}\n', "x" * 10_000, "\u2028", {"a": 1}):
        structlog.get_logger().warning("odd", kind=evil)
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["odd"] * 6
    assert [json.loads(line)["kind"] for line in lines] == ["unprintable"] * 5 + ["{'a': 1}"]


async def test_a_request_is_noted_without_its_address(capsys: pytest.CaptureFixture[str]):
    """Method, pattern, status, time. Not the link's secret, not the query, not who asked."""

    async def house(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_template"] = "/k/{secret}"
        await send({"type": "http.response.start", "status": 404, "headers": []})

    async def ignore(message: Message) -> None:
        assert message

    logs.configure()
    scope: Scope = {"type": "http", "method": "GET", "path": "/k/canary", "query_string": b"canary=1", "headers": []}
    await logs.noted(house)(scope, None, ignore)  # pyright: ignore[reportArgumentType]
    told = json.loads(capsys.readouterr().err)
    assert told.keys() == {"event", "level", "timestamp", "method", "route", "status", "seconds"}
    assert (told["method"], told["route"], told["status"]) == ("GET", "/k/{secret}", 404)


def test_a_library_may_not_quote(capsys: pytest.CaptureFixture[str]):
    logs.configure()
    try:
        raise ValueError("canary-kofi")
    except ValueError:
        logging.getLogger("some.library").exception("could not parse %s", "canary-amara")
    logging.getLogger("some.library").warning("already filled in: canary-osei")
    told = capsys.readouterr().err
    assert "canary" not in told
    assert "could not parse %s" in told
    assert '"error": "ValueError"' in told
    assert '"library": "some.library"' in told
