"""Health information, typed: sealed inside, open for an instant at the edge, and only on the record.

`Sealed[T]` is what models and rules carry: ciphertext that nobody here can read. `Phi[T]` is the opened value;
it refuses every way in which a value usually slips out (print, format, JSON, pickle, comparison, iteration).
Opening needs a `Disclosure`, and a `Disclosure` counts only once its journal entry is committed.
"""

from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SealedBytes:
    """Ciphertext with the id of its key: version, key id, nonce, sealed text."""

    raw: bytes

    def __repr__(self) -> str:
        return f"Sealed({len(self.raw)} bytes)"


class Sealed(SealedBytes, Generic[T]):
    """A value of type T that only a Disclosure opens."""

    __slots__ = ()


class Phi(Generic[T]):
    """An opened value. `.reveal()` is the one way to it, and only views and senders may call that."""

    __slots__ = ("__value",)

    def __init__(self, value: T) -> None:
        self.__value = value

    def reveal(self) -> T:
        """The bare value. From here on nothing protects it: call it last."""
        return self.__value

    def __repr__(self) -> str:
        return "Phi(•)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "Phi(•)"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("health information is not pickled or copied")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("health information is not compared")

    def __bool__(self) -> NoReturn:
        raise TypeError("health information has no truth value")

    def __iter__(self) -> NoReturn:
        raise TypeError("health information is not iterated")

    __hash__ = None  # type: ignore[assignment]


class DisclosureNotOnRecord(Exception):
    """Something was about to be opened before its journal entry was committed. A bug, and nothing was shown."""


@dataclass(slots=True)
class Disclosure:
    """Proof that a reading is on record: who read, whose, why. Only a unit of work makes one; COMMIT makes it count."""

    viewer: UUID
    patients: frozenset[UUID]
    purpose: str
    committed: bool = False

    def must_cover(self, patient: UUID | None) -> None:
        """Stop unless this reading is committed to the journal and names that patient."""
        if not self.committed or (patient is not None and patient not in self.patients):
            raise DisclosureNotOnRecord
