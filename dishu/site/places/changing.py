"""A change of a place: asked for, tried, shown with all it moves, and only then done."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dishu.site.accounts.guard import may
from dishu.site.membership.models import Member, Organization
from dishu.site.places.forms import WAYS, Change
from dishu.site.registry.models import Unit
from dishu.site.territory.actions import Impossible
from dishu.site.territory.models import LEVELS, Place, Reach
from dishu.site.trail import lines as trail


class _OnlyTried(Exception):
    """Undoes what was only tried."""


@may("territory.edit")
def change(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """The form; sent once it shows what will move, sent again with `sure` it is done."""
    place = changeable(request, code, what)
    form = WAYS[what](request.POST or None, scope=request.scope, place=place)
    context = {"form": form, "place": place, "what": what}
    if request.method != "POST" or not form.is_valid() or not _tried(form, request):
        return render(request, "places/change.html", context, status=422 if form.errors else 200)
    if "sure" not in request.POST:
        return render(request, "places/sure.html", {**context, "moves": moves(place, what)})
    with trail.action():
        done = form.act(request.user)
    messages.success(
        request,
        _("{place}：{title}已登记，自 {day} 起生效。").format(
            place=place.name, title=form.title, day=form.cleaned_data["day"]
        ),
    )
    return redirect("place", done.code)


def changeable(request: HttpRequest, code: str, what: str) -> Place:
    """The place, where the user may do this to it: founding within the scope, all else strictly below its nodes."""
    if what not in WAYS:
        raise Http404
    among = request.scope.places() if what == "found" else request.scope.below()
    return get_object_or_404(among.open(), code=code)


def _tried(form: Change, request: HttpRequest) -> bool:
    """Whether the action would do it; where not, the reason stands beside the field."""
    try:
        with transaction.atomic(), trail.gathered():
            form.act(request.user)
            raise _OnlyTried
    except _OnlyTried:
        form.place.refresh_from_db()  # the trial wrote on it too: the page asks about the place as it is
        return True
    except Impossible as why:
        form.add_error(_field(form, why.field), str(why))
        return False


def _field(form: Change, name: str) -> str | None:
    """The form's field for the action's: the parts of a split and the parent of a founding stand elsewhere."""
    name = {"code": "code1", "parts": "code1"}.get(name, name) if "code1" in form.fields else name
    return name if name in form.fields else None


def moves(place: Place, what: str) -> list[tuple[str, int]]:
    """What lies in the place and so changes with it."""
    if what in ("found", "rename"):
        return []
    inside = Reach.objects.filter(node=place).values("place")
    rows = [(_("下级{title}").format(title=title), Place.objects.filter(pk__in=inside, level=level).exclude(pk=place.pk).open().count())
            for level, title in LEVELS.items()]  # fmt: skip
    rows += [
        (_("单位"), Unit.objects.filter(place__in=inside).open().count()),
        (_("党组织"), Organization.objects.filter(place__in=inside).count()),
        (_("党员"), Member.objects.filter(place__in=inside).count()),
    ]
    return [(title, count) for title, count in rows if count]
