"""A request whose work collided with another's is done again, before anybody is told: body, key and all.

That is what its sender would do on a 503, under the same key; only sooner, and without having to know. Whatever was
committed before the collision stands under the request's key, or may be done twice without harm.
"""

from functools import partial
from typing import Any, NoReturn

from litestar.types import ASGIApp, Receive, Scope, Send

from bedside.journal import Collided, persist


def again(app: ASGIApp) -> ASGIApp:
    """Around every route: nothing was sent yet when work collides, as answers leave after their COMMIT."""

    async def done(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        # What was read of the body is kept with the scope, so the second time finds it there.
        house = scope["litestar_app"].state.clinic.house
        return await persist(house.chance, partial(app, scope, receive, send))

    return done


def not_answered(_request: Any, error: Collided) -> NoReturn:
    """A collision is no answer: it goes on to who does the request again."""
    raise error
