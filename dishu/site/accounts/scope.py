"""How far a user reaches on a day: at which places, and what may be done there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, models, transaction
from django.utils import timezone

from dishu.site.accounts import roles
from dishu.site.accounts.models import Appointment, User
from dishu.site.territory.models import Place, Reach, on
from dishu.site.trail import lines as trail


@dataclass(frozen=True)
class Scope:
    """What a user may do, and the places (keys) they do it at. `whole`: the places are the roots of everything.

    `member`: the record of the member whose own log-in it is; such a scope holds no place and reaches that record only.
    `held`: the places of `nodes` themselves, for the frame of the pages.
    """

    user: User | None
    nodes: tuple[int, ...]
    codes: frozenset[str]
    may: frozenset[str]
    whole: bool = False
    member: int | None = None
    held: tuple[Place, ...] = field(default=(), compare=False, repr=False)

    def allows(self, what: str) -> bool:
        """Whether the user may do this at all (where, the rows say)."""
        return what in self.may

    def narrow[M: models.Model](self, rows: models.QuerySet[M], place: str = "place") -> models.QuerySet[M]:
        """The rows whose place lies in the scope."""
        if self.whole:
            return rows
        return rows.filter(**{f"{place}__in": Reach.objects.filter(node__in=self.nodes).values("place")})

    def places(self) -> models.QuerySet[Place]:
        """All places of the scope."""
        return self.narrow(Place.objects.all(), "pk")

    def below(self) -> models.QuerySet[Place]:
        """The places strictly below those where the roles are held: what the user may change of the tree."""
        beneath = Reach.objects.filter(node__in=self.nodes).exclude(place=models.F("node")).values("place")
        return Place.objects.filter(pk__in=beneath)

    def users(self) -> models.QuerySet[User]:
        """Accounts whose roles, now and before, all lie in the scope: nobody keeps the account of somebody above."""
        held = Appointment.objects.filter(user=models.OuterRef("pk"))
        inside = Reach.objects.filter(node__in=self.nodes).values("place")
        here = models.Exists(held.filter(place__in=inside))
        return User.objects.filter(here & ~models.Exists(held.exclude(place__in=inside)))

    def tops(self) -> models.QuerySet[Place]:
        """The places where the user's roles are held."""
        return Place.objects.filter(pk__in=self.nodes)


NOBODY = Scope(None, (), frozenset(), frozenset())


def of(user: User, day: date | None = None) -> Scope:
    """The scope of a user on a day (today)."""
    if user.member_id is not None:
        return Scope(user, (), frozenset({"member"}), roles.may({"member"}), member=user.member_id)
    held = list(user.appointments.filter(on(day or timezone.localdate())).select_related("place"))
    codes = frozenset(one.role for one in held)
    places = {one.place_id: one.place for one in held}
    whole = any(place.parent_id is None for place in places.values())
    named = tuple(sorted(places.values(), key=lambda place: place.code))
    return Scope(user, tuple(sorted(places)), codes, roles.may(codes), whole, held=named)


_ALONE = ", set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true)"


@contextmanager
def walled(scope: Scope, page: bool = False) -> Iterator[None]:
    """One transaction in which the database itself shows no row from outside the scope, whatever is asked.

    The second wall: the first is `Scope.narrow`. Lines of the trail are added at the end.
    `page`: a reader waits for it, one of many, so it takes one process of the database and compiles nothing: helpers that
    start for a page's few rows cost more than they save.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('dishu.nodes', %s, true), set_config('dishu.whole', %s, true),"
                " set_config('dishu.member', %s, true), set_config('dishu.user', %s, true), set_config('role', %s, true)"
                + (_ALONE if page else ""),
                [",".join(map(str, scope.nodes)), "on" if scope.whole else "off", str(scope.member or ""),
                 str(scope.user.pk if scope.user else ""), "dishu_walled" if scope.member is None else "dishu_own"],
            )  # fmt: skip
        with trail.gathered():
            yield
    if scope.member is not None and connection.in_atomic_block:  # within another one the role would outlive the block
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
