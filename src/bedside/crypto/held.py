"""What the keystore says about keys, and how it refuses: ids, kinds and counts, never a key or content."""

from datetime import datetime
from uuid import UUID

import msgspec

# How long it lives what such a key seals: as the record, until the visit is over, 90 days, as the clinic.
CLASSES = frozenset({"record", "transient", "network", "organization"})


class KeystoreDown(Exception):
    """The keystore cannot be read or written just now. Nothing is known to be lost; ask again."""


class KeyUnknown(LookupError):
    """No such key was ever here: keystore and database do not belong together, or one was restored alone."""

    def __init__(self) -> None:
        super().__init__("the keystore has never had this key")


class KeyDestroyed(LookupError):
    """The key was destroyed, and with it what it sealed. So ends the keeping of a record; it is no fault."""

    def __init__(self) -> None:
        super().__init__("the key was destroyed")


class OrganizationUnknown(LookupError):
    """The keystore has no key for this organization: it was not founded here."""

    def __init__(self) -> None:
        super().__init__("the keystore does not know this organization")


class NotYetScrubbed(Exception):
    """Destroyed and committed, but another process still reads older pages. Destroying again finishes it."""

    def __init__(self) -> None:
        super().__init__("destroyed, but the keystore's log could not be cut yet: repeat the destruction")


class Wanted(msgspec.Struct, frozen=True):
    """A key to be made: for whom, and of which class (how long it will live)."""

    subject_kind: str
    subject: UUID | str
    klass: str


class HeldKey(msgspec.Struct, frozen=True):
    """What may be said of a key without opening it."""

    id: UUID
    klass: str
    made_at: datetime
    destroyed_at: datetime | None


class Tombstone(msgspec.Struct, frozen=True):
    """A key that is dead for good."""

    key: UUID
    at: datetime


class Health(msgspec.Struct, frozen=True):
    """How the keystore is. Troubles are sentences for the operator, with counts and no content."""

    organizations: int
    keys: int
    destroyed: int
    troubles: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.troubles
