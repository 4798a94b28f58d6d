"""Ids say nothing about the person: 122 bits, of which 74 are chance; the rest is the time of making."""

from uuid import UUID


def uuid7(milliseconds: int, chance: bytes) -> UUID:
    """An RFC 9562 version-7 UUID from the time since 1970 in milliseconds and ten random bytes.

    Pure: time and chance come from the caller, so that tests can hold both still.
    """
    if len(chance) != 10 or not 0 <= milliseconds < 1 << 48:
        raise ValueError("uuid7 takes 48 bits of milliseconds and ten bytes of chance")
    bits = int.from_bytes(chance, "big")
    high = milliseconds << 16 | 0x7000 | bits >> 68 & 0x0FFF
    low = 1 << 63 | bits & (1 << 62) - 1
    return UUID(int=high << 64 | low)
