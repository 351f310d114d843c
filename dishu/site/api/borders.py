"""Calls that change places: founding, renaming, moving, merging, splitting, closing, each with its day and document."""

from datetime import date
from inspect import Parameter, Signature
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from ninja import Field, Query, Schema

from dishu.site.api import papers
from dishu.site.api.calls import call
from dishu.site.api.errors import Refusal
from dishu.site.api.writes import Body, Done, Outcome, Trying, written
from dishu.site.places.changing import changeable, moves
from dishu.site.places.forms import NEW_PARTS, WAYS, Change, Split
from dishu.site.territory.models import Place

CODE = Field(pattern=r"^[0-9A-Z]{2,24}$")


@override(settings.LANGUAGE_CODE)  # whoever comes first, the document is the same
def _way(way: str, form: type[Change]) -> None:
    """Register one way of changing a place."""
    body_type = papers.body_of(f"Place{way.title()}", form.base_fields)

    def view(request: HttpRequest, place: str, body: Any, query: Trying) -> HttpResponse:
        one = changeable(request, place, way)
        return written(request, lambda: _do(request, way, one, papers.data(form.base_fields, {}, body)), query.dry_run)

    view.__name__, view.__doc__ = f"place_{way}", f"{form.title}：{form.does}"
    keyword = Parameter.KEYWORD_ONLY
    view.__signature__ = Signature([  # type: ignore[attr-defined]
        Parameter("request", Parameter.POSITIONAL_OR_KEYWORD), Parameter("place", keyword, annotation=str),
        Parameter("body", keyword, annotation=body_type), Parameter("query", keyword, annotation=Query[Trying]),
    ])  # fmt: skip
    call("POST", f"/places/{{place}}/{way}", "territory.edit", Done)(view)


def _do(request: HttpRequest, way: str, place: Place, data: dict[str, str]) -> Outcome:
    """The form of the page does it; `counts` says what lies in the place and so changes with it."""
    form = papers.checked(WAYS[way](data, scope=request.scope, place=place))
    counts = dict(moves(place, way))
    done = form.act(request.user)
    return Outcome(code=done.code, counts=counts)


for _name, _form in WAYS.items():
    if _form is not Split:
        _way(_name, _form)


class PartBody(Schema):
    """A place that comes out of a split, and the places of the next level that then lie in it."""

    code: str = CODE
    name: str = Field(min_length=1, max_length=80)
    children: list[str] = Field(default_factory=list, max_length=1000)


class SplitBody(Body):
    """The parts of a split."""

    parts: list[PartBody] = Field(min_length=1, max_length=len(NEW_PARTS))
    close: bool = Field(True, description="The old place ends")
    day: date
    document: str = Field(min_length=1, max_length=200)


@call("POST", "/places/{place}/split", "territory.edit", Done)
def place_split(request: HttpRequest, place: str, body: SplitBody, query: Query[Trying]) -> HttpResponse:
    """New places come out of one; children nobody assigned go with the first where the old place ends."""
    one = changeable(request, place, "split")
    return written(request, lambda: _do(request, "split", one, _split(one, body)), query.dry_run)


def _split(place: Place, body: SplitBody) -> dict[str, str]:
    """The parts as the page's form asks for them."""
    inside = dict(place.children.open().values_list("code", "pk"))
    data = {"day": body.day.isoformat(), "document": body.document} | ({"close": "on"} if body.close else {})
    for number, part in enumerate(body.parts, 1):
        data |= {f"code{number}": part.code, f"name{number}": part.name}
        for code in part.children:
            if code not in inside:
                raise Refusal("not_found", field=f"parts.{number - 1}.children")
            data[f"child{inside[code]}"] = str(number)
    return data
