"""What is read out of a request's body: JSON, called so, spelled once, and of exactly the kinds that were asked for.

One parser reads it, and what it reads leaves no doubt: the same bytes mean the same at every hop. So a member that
stands there twice is refused (parsers differ in which one counts), and "1" is neither true nor a number.
"""

import re
from typing import Any

import msgspec
from litestar import Request

from bedside.kernel import Refused, Unfit

STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?', re.DOTALL)
"""A string of JSON that is well formed; with a colon behind it, it is the name of a member."""
FIELD = re.compile(r"\$((?:\.\w+|\[\d+\])+)")
"""Where in the body something is wrong, as the parser says it: names of ours, never what was sent."""


UNFIT = "bedside.unfit"


class MediaUnknown(Refused):
    """A body that does not call itself JSON in UTF-8: nobody guesses what it is meant to be."""

    slug = "media-unknown"
    status = "media"


class Spoken(Request[Any, Any, Any]):
    """A request whose JSON is read straight into what its handler takes."""

    async def json(self) -> Any:
        """The body as the handler's `data`; or something that fits nothing, and why.

        The refusal waits until it is known who asks: to a stranger we do not talk about forms.
        """
        try:
            return self._read(await self.body())
        except Refused as refused:
            self.scope[UNFIT] = refused  # pyright: ignore[reportGeneralTypeIssues]
            return ...

    def _read(self, body: bytes) -> Any:
        kind, options = self.content_type
        if kind != "application/json" or options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            raise MediaUnknown
        wanted = self.route_handler.parsed_fn_signature.parameters["data"].annotation
        try:
            read = msgspec.json.decode(body, type=wanted)
            held = msgspec.json.decode(body)
        except msgspec.ValidationError as error:
            field = FIELD.search(str(error))
            raise (Unfit(fields=field[1].lstrip(".")) if field else Unfit()) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Unfit from None
        if spelled(body) != members(held):
            raise Unfit
        return read


def spelled(body: bytes) -> int:
    """How many members are spelled in this JSON, wherever in it."""
    return sum(1 for string in STRING.finditer(body) if string[1])


def members(value: Any) -> int:
    """How many members a parsed value holds."""
    if isinstance(value, dict):
        return len(value) + sum(map(members, value.values()))
    return sum(map(members, value)) if isinstance(value, list) else 0
