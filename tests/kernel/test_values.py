"""The vocabulary's own promises: ids, instants, topics, and values that do not slip out."""

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import msgspec
import pytest

from bedside.kernel import Disclosure, DisclosureNotOnRecord, Phi, Sealed, Topic, rfc3339, uuid7

# --- ids


def test_an_id_is_a_version_7_uuid_of_its_time_and_chance() -> None:
    id = uuid7(0x0123456789AB, bytes(range(10)))
    assert (id.version, id.variant) == (7, "specified in RFC 4122")
    assert id.int >> 80 == 0x0123456789AB
    assert uuid7(5, bytes(10)) < uuid7(6, bytes(10)) < uuid7(6, b"\xff" * 10) < uuid7(7, bytes(10))


def test_chance_fills_all_that_is_not_time() -> None:
    none, all = uuid7(0, bytes(10)), uuid7(0, b"\xff" * 10)
    assert (none.int ^ all.int).bit_count() == 74


@pytest.mark.parametrize(
    ("milliseconds", "chance"), [(-1, bytes(10)), (1 << 48, bytes(10)), (1, bytes(9)), (1, bytes(11))]
)
def test_an_id_needs_its_time_and_its_chance(milliseconds: int, chance: bytes) -> None:
    with pytest.raises(ValueError, match="ten bytes of chance"):
        uuid7(milliseconds, chance)


# --- instants


def test_each_instant_has_one_spelling() -> None:
    vienna = timezone(timedelta(hours=1))
    spelled = {
        rfc3339(datetime(2026, 3, 16, 9, 0, tzinfo=UTC)),
        rfc3339(datetime(2026, 3, 16, 10, 0, tzinfo=vienna)),
    }
    assert spelled == {"2026-03-16T09:00:00.000000Z"}


# --- topics

ID = UUID("0190b0de-0000-7000-8000-000000000001")


@pytest.mark.parametrize("kind", Topic.KINDS)
def test_a_topic_is_read_as_it_is_spelled(kind: str) -> None:
    assert Topic.parse(f"{kind}.{ID}") == Topic(kind, ID)
    assert str(Topic(kind, ID)) == f"{kind}.{ID}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "queue",
        f"queue.{ID}.files",
        f"queue.{str(ID).upper()}",
        f"queue.{ID.hex}",
        f" queue.{ID}",
        f"queue.{ID}\n",
        f"nobody.{ID}",
        f"presence.{ID}",
        "consultation.*",
        f"consultation.{ID}*",
        "queue.dr-1",
        f"queue..{ID}",
    ],
)
def test_what_is_no_topic_is_not_guessed_at(text: str) -> None:
    """Ids are opaque: nothing is cut out of a name by its dots, no pattern reaches further than one thing."""
    assert Topic.parse(text) is None


# --- sealed and opened values


def test_an_opened_value_refuses_every_way_to_slip_out() -> None:
    value = Phi("Amara Okafor")
    assert {repr(value), str(value), f"{value}", f"{value:>20}", f"{value!r}", f"{value!s}"} == {"Phi(•)"}
    for slip in (
        lambda: pickle.dumps(value),
        lambda: copy.copy(value),
        lambda: copy.deepcopy(value),
        lambda: value == value,
        lambda: bool(value),
        lambda: list(value),
        lambda: hash(value),
        lambda: json.dumps(value),
        lambda: msgspec.json.encode(value),
        lambda: sorted([value, value]),  # type: ignore[type-var]
    ):
        with pytest.raises((TypeError, ValueError)) as refused:
            slip()
        assert "Amara" not in str(refused.value)
    assert not hasattr(value, "__dict__")
    assert value.reveal() == "Amara Okafor"


def test_a_sealed_value_says_only_its_length() -> None:
    assert repr(Sealed(b"0123456789")) == "Sealed(10 bytes)"


def test_nothing_is_opened_before_the_reading_is_on_record() -> None:
    patient, other = uuid4(), uuid4()
    reading = Disclosure(uuid4(), frozenset({patient}), "TREAT")
    with pytest.raises(DisclosureNotOnRecord):
        reading.must_cover(patient)
    reading.committed = True
    reading.must_cover(patient)
    with pytest.raises(DisclosureNotOnRecord):
        reading.must_cover(other)
