"""Nothing about a person reaches a log, whoever writes it."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from bedside.cli import logs


@pytest.fixture(autouse=True)
def as_in_production() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.reset_defaults()


def test_only_known_fields_are_kept(capsys: pytest.CaptureFixture[str]):
    logs.configure()
    structlog.get_logger().warning("loop_failed", loop="ear", name="canary-amara", error="OSError")
    told = capsys.readouterr().err
    assert "loop_failed" in told
    assert '"loop": "ear"' in told
    assert "canary" not in told
    assert '"count_left_out": 1' in told


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
