"""Every action names who may do it: `@by(Role.NURSE, …)`. The law reads the same names as the guard does."""

import functools
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

from bedside.journal.work import Work
from bedside.kernel import NotYourPart, Role

P = ParamSpec("P")
R = TypeVar("R")
Action = Callable[Concatenate[Work, P], Awaitable[R]]

CARED_FOR = (Role.PATIENT, Role.GUARDIAN, Role.PROXY)
"""The patient, or who acts for them."""
STAFF = (Role.PROVIDER, Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)
HOUSE = (Role.SYSTEM,)

WHO_MAY: dict[str, frozenset[Role]] = {}
"""Every action by its dotted name: what the authorization matrix is held against."""


def by(*roles: Role) -> Callable[[Action[P, R]], Action[P, R]]:
    """Only these roles may; what a person is to one particular visit is judged by the visit's own table."""
    allowed = frozenset(roles)

    def name(action: Action[P, R]) -> Action[P, R]:
        WHO_MAY[f"{action.__module__.split('.')[2]}.{action.__name__}"] = allowed

        @functools.wraps(action)
        async def guarded(work: Work, *args: P.args, **kwargs: P.kwargs) -> R:
            if work.actor.role not in allowed:
                raise NotYourPart
            return await action(work, *args, **kwargs)

        return guarded

    return name
