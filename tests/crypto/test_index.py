"""People are found by what they are called, however it is typed; the fingerprint alone tells no name."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.crypto import blind, fold_identifier, fold_name, name_start, phone_digits

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Mensah", "mensah"),
        ("  MENSAH ", "mensah"),
        ("O’Brien", "obrien"),
        ("O'Brien", "obrien"),
        ("García-López", "garcialopez"),
        ("Garcia Lopez", "garcialopez"),
        ("van der Berg", "vanderberg"),
        ("Müller", "muller"),
        ("Mu\u0308ller", "muller"),
        ("Strauß", "strauss"),
        ("STRAUẞ", "strauss"),
        ("Łukasz", "lukasz"),
        ("Søren", "soren"),
        ("Ægir", "aegir"),
        ("Þór", "thor"),
        ("İpek", "ipek"),
        ("Işık", "isik"),
        ("Nguyễn", "nguyen"),
        ("Ｓｍｉｔｈ", "smith"),
        ("ﬁnn", "finn"),
        ("Kaʻahumanu", "kaahumanu"),
        ("Ka'ahumanu", "kaahumanu"),
        ("Σωκράτης", "σωκρατησ"),
        ("ΣΩΚΡΑΤΗΣ", "σωκρατησ"),
        ("Ёлкина", "елкина"),
        ("مُحَمَّد", "محمد"),
        ("김민준", "김민준"),
        ("佐々木", "佐々木"),
        ("zero\u200dwidth", "zerowidth"),
        ("Henry VIII.", "henryviii"),
        ("—", ""),
        ("", ""),
    ],
)
def test_a_name_however_typed(typed: str, folded: str):
    assert fold_name(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(name: str):
    assert fold_name(fold_name(name)) == fold_name(name)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_case_never_matters(name: str):
    assert fold_name(name.upper().lower()) == fold_name(name.lower())


@pytest.mark.parametrize(
    ("name", "start"), [("O’Brien", "obr"), ("Li", "li"), ("김민준서", "김민준"), ("Éa Ng", "ean"), ("", "")]
)
def test_the_first_three_letters(name: str, start: str):
    assert name_start(name) == start


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("+233 24 412 3456", "244123456"),
        ("0244123456", "244123456"),
        ("(024) 412-3456", "244123456"),
        ("00233244123456", "244123456"),
        ("tel:+233-24-412-3456;ext=12", "244123456"),
        ("024 412 3456 ext. 12", "244123456"),
        ("024 412 3456 x12", "244123456"),
        ("٠٢٤٤١٢٣٤٥٦", "244123456"),
        ("911", "911"),
        ("none", ""),
    ],
)
def test_a_telephone_number_however_typed(typed: str, digits: str):
    assert phone_digits(typed) == digits


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("MRN-0042-a", "mrn0042a"), (" mrn 0042 A", "mrn0042a"), ("４２", "42"), ("042", "042")],
)
def test_a_record_number_however_typed(typed: str, folded: str):
    assert fold_identifier(typed) == folded


def test_the_fingerprint_is_what_it_is_said_to_be():
    spelled = b"s\x00\x00\x00\x0dbedside/index" + b"s\x00\x00\x00\x0bfamily-name" + b"s\x00\x00\x00\x06mensah"
    assert blind(KEY, "family-name", "mensah") == hmac.new(KEY, spelled, hashlib.sha256).digest()[:16]


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_equal_only_when_kind_and_value_are(kind: str, value: str, other_kind: str, other: str):
    same = (kind, value) == (other_kind, other)
    assert (blind(KEY, kind, value) == blind(KEY, other_kind, other)) == same


def test_under_another_key_nothing_compares():
    names = [f"name{n}" for n in range(500)]
    assert not {blind(KEY, "k", name) for name in names} & {blind(bytes(32), "k", name) for name in names}
