"""Messages between nodes: sealed, in pieces that a NOTIFY takes, whole or not at all."""

import itertools
from base64 import b64decode, b64encode
from random import Random

import pytest

from bedside.crypto import Datagrams
from bedside.crypto.datagram import MOST_OPEN, MOST_PIECES, PART_BYTES


def datagrams(key: bytes = b"k" * 32, seed: int = 1) -> Datagrams:
    return Datagrams(key, Random(seed).randbytes)


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1, 5 * PART_BYTES + 7])
def test_a_message_comes_whole_however_its_pieces_come(size: int) -> None:
    message = Random(size).randbytes(size)
    pieces = datagrams().pieces(message)
    assert all(len(piece) < 7000 for piece in pieces)
    for order in itertools.islice(itertools.permutations(pieces), 24):
        other = datagrams(seed=2)
        doubled = [piece for piece in order[:-1] for _ in range(2)] + [order[-1]]
        came = [other.take(piece, 0.0) for piece in doubled]
        assert came[-1] == message
        assert set(came[:-1]) <= {None}


def test_what_is_not_whole_not_ours_or_altered_is_nothing() -> None:
    ours, [piece] = datagrams(), datagrams().pieces(b"typing")
    raw = b64decode(piece)
    for at in range(len(raw)):
        bent = bytes(b ^ (1 if i == at else 0) for i, b in enumerate(raw))
        assert ours.take(b64encode(bent).decode(), 0.0) is None
        assert ours.take(b64encode(raw[:at]).decode(), 0.0) is None
    for text in ("", "no base64", piece + "=", piece[::-1]):
        assert ours.take(text, 0.0) is None
    assert datagrams(b"other house's key, thirty-two b.").take(piece, 0.0) is None
    assert ours.take(piece, 0.0) == b"typing"
    assert b"typing" not in raw


def test_what_waits_for_its_other_pieces_is_bounded() -> None:
    ours, theirs = datagrams(), datagrams(seed=2)
    first = theirs.pieces(b"x" * (PART_BYTES + 1))
    assert ours.take(first[0], 0.0) is None
    assert ours.take(first[1], 11.0) is None, "too late: the first half is forgotten"
    for _ in range(3 * MOST_OPEN):
        assert ours.take(theirs.pieces(b"x" * (PART_BYTES + 1))[0], 20.0) is None
    assert len(ours._open) == MOST_OPEN
    assert theirs.pieces(b"x" * (PART_BYTES * MOST_PIECES + 1)) == [], "not said at all, rather than in part"
