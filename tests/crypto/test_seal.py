"""A sealed field opens with its key at its address, and in no other way."""

import traceback
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from bedside.crypto.seal import (
    OVERHEAD,
    SealError,
    Tampered,
    WrongVersion,
    address,
    cipher,
    key_id_of,
    open_sealed,
    packed,
    seal,
)

KEY = bytes(range(32))
KEY_ID = UUID("0d1b5e1a-7d0c-4c0e-9d4e-0f6a3c1c2b3a")
NONCE = bytes(range(100, 112))
PLACE = address(UUID(int=7), "message", "body", UUID(int=8))
SEALED = seal(KEY, KEY_ID, PLACE, b"chest pain since Tuesday", NONCE)

parts = st.one_of(st.uuids(), st.text(max_size=12), st.binary(max_size=12), st.integers())


@given(
    key=st.binary(min_size=32, max_size=32),
    key_id=st.uuids(),
    text=st.binary(max_size=2048),
    nonce=st.binary(min_size=12, max_size=12),
    org=st.uuids(),
    row=st.lists(parts, min_size=1, max_size=3),
)
def test_what_is_sealed_opens_again(
    key: bytes, key_id: UUID, text: bytes, nonce: bytes, org: UUID, row: list[UUID | str | bytes | int]
):
    place = address(org, "message", "body", *row)
    raw = seal(key, key_id, place, text, nonce)
    assert open_sealed(key, raw, place) == text
    assert open_sealed(cipher(key), raw, place) == text
    assert key_id_of(raw) == key_id
    assert len(raw) == len(text) + OVERHEAD


def test_published_vector():
    """Test case 16 of the GCM specification (McGrew and Viega): what seals here is AES-256-GCM."""
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    text = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
        "b16aedf5aa0de657ba637b39"
    )
    told = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    sealed = bytes.fromhex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
        "c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    assert cipher(key).encrypt(bytes.fromhex("cafebabefacedbaddecaf888"), text, told) == sealed


def test_the_format_does_not_drift():
    """Header, nonce, ciphertext; header and address as associated data. Old records rely on it."""
    header = bytes([1]) + KEY_ID.bytes
    body = AESGCM(KEY).encrypt(NONCE, b"chest pain since Tuesday", header + PLACE)
    assert header + NONCE + body == SEALED
    assert PLACE.hex() == (
        "730000000d" + b"bedside/field".hex() + "7500000010" + UUID(int=7).hex
        + "7300000007" + b"message".hex() + "7300000004" + b"body".hex() + "7500000010" + UUID(int=8).hex
    )  # fmt: skip


def test_no_flipped_bit_goes_unseen():
    for bit in range(len(SEALED) * 8):
        altered = bytearray(SEALED)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(WrongVersion if bit < 8 else Tampered):
            open_sealed(KEY, bytes(altered), PLACE)


def test_no_flipped_bit_of_the_address_goes_unseen():
    for bit in range(len(PLACE) * 8):
        altered = bytearray(PLACE)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Tampered):
            open_sealed(KEY, SEALED, bytes(altered))


def test_nothing_cut_or_added_opens():
    for length in range(len(SEALED)):
        with pytest.raises(Tampered):
            open_sealed(KEY, SEALED[:length], PLACE)
    with pytest.raises(Tampered):
        open_sealed(KEY, SEALED + b"\0", PLACE)


def test_of_two_hundred_rows_none_opens_in_the_place_of_another():
    org = uuid4()
    places = [address(org, "message", "body", uuid4()) for _ in range(200)]
    held = cipher(KEY)
    rows = [seal(held, KEY_ID, place, b"%d" % n, n.to_bytes(12, "big")) for n, place in enumerate(places)]
    refused = 0
    for here, raw in enumerate(rows):
        for there, place in enumerate(places):
            if here != there:
                with pytest.raises(Tampered):
                    open_sealed(held, raw, place)
                refused += 1
    assert refused == 39_800


def test_no_piece_of_one_row_fits_another():
    cuts = [slice(1, 17), slice(17, 29), slice(29, -16), slice(-16, None)]  # key id, nonce, ciphertext, tag
    rows = [
        seal(KEY, uuid4(), PLACE, text, n.to_bytes(12, "big"))
        for n, text in enumerate([b"yes", b"no ", b"why", b"yes"])
    ]
    for one in rows:
        for other in rows:
            for cut in cuts:
                mixed = bytearray(one)
                mixed[cut] = other[cut]
                if bytes(mixed) != one:
                    with pytest.raises(Tampered):
                        open_sealed(KEY, bytes(mixed), PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        address(UUID(int=9), "message", "body", UUID(int=8)),
        address(UUID(int=7), "note", "body", UUID(int=8)),
        address(UUID(int=7), "message", "bod", UUID(int=8)),
        address(UUID(int=7), "message", "body", UUID(int=9)),
        address(UUID(int=7), "message", "body", str(UUID(int=8))),
        address(UUID(int=7), "message", "body", UUID(int=8), 0),
    ],
    ids=["organization", "table", "column", "row", "a row that reads alike", "a longer row"],
)
def test_moved_elsewhere_it_does_not_open(elsewhere: bytes):
    with pytest.raises(Tampered):
        open_sealed(KEY, SEALED, elsewhere)


def test_another_key_does_not_open_it():
    with pytest.raises(Tampered):
        open_sealed(bytes(32), SEALED, PLACE)


@given(st.lists(parts, max_size=4), st.lists(parts, max_size=4))
def test_two_lists_never_spell_the_same(one: list[UUID | str | bytes | int], other: list[UUID | str | bytes | int]):
    same = [(type(p), p) for p in one] == [(type(p), p) for p in other]
    assert (packed(*one) == packed(*other)) == same


def test_a_refusal_tells_nothing_of_the_content():
    with pytest.raises(SealError) as refused:
        open_sealed(KEY, SEALED, b"elsewhere")
    told = "".join(traceback.format_exception(refused.value)) + repr(refused.value) + repr(refused.value.args)
    assert "chest" not in told
    assert SEALED.hex() not in told
    assert KEY.hex() not in told


@pytest.mark.parametrize("size", [0, 16, 24, 31, 33])
def test_only_whole_keys_are_taken(size: int):
    with pytest.raises(ValueError, match="32 bytes"):
        seal(bytes(size), KEY_ID, PLACE, b"", NONCE)


@pytest.mark.parametrize("size", [0, 8, 11, 13, 16])
def test_only_whole_nonces_are_taken(size: int):
    with pytest.raises(ValueError, match="12 bytes"):
        seal(KEY, KEY_ID, PLACE, b"", bytes(size))


def test_an_address_names_a_row():
    with pytest.raises(ValueError, match="row"):
        address(UUID(int=7), "message", "body")
