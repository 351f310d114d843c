"""The tree of Party organizations of my scope, as of any day; putting it under another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from dishu.site.accounts.guard import may
from dishu.site.membership import superiors
from dishu.site.membership.models import Organization, OrganizationState
from dishu.site.places.views import asked_day
from dishu.site.territory.actions import Impossible
from dishu.site.territory.models import on

PAGE = 100


def _states(request: HttpRequest) -> QuerySet[OrganizationState]:
    """Organizations of the scope on the day asked for."""
    day = asked_day(request)
    under = OrganizationState.objects.filter(on(day), superior=OuterRef("org_id"))
    found = OrganizationState.objects.filter(on(day)).select_related("org", "place", "superior").order_by("org_id")
    return request.scope.narrow(found).annotate(has_below=Exists(under))


def _page(found: QuerySet[OrganizationState], request: HttpRequest) -> dict[str, Any]:
    after = request.GET.get("after", "")
    if after.isdigit():
        found = found.filter(org_id__gt=int(after))
    rows = list(found[: PAGE + 1])
    return {"rows": rows[:PAGE], "more": rows[PAGE - 1].org_id if len(rows) > PAGE else None, "day": asked_day(request)}


@may("units.read")
def tree(request: HttpRequest) -> HttpResponse:
    """Organizations with nothing of the scope above them, or those whose name was looked for."""
    text = request.GET.get("q", "").strip()
    found = _states(request)
    if text:
        found = found.filter(org__name__contains=text)
    else:
        mine = request.scope.narrow(OrganizationState.objects.filter(on(asked_day(request)))).values("org_id")
        found = found.filter(Q(superior__isnull=True) | ~Q(superior__in=mine))
    context = {"q": text, "today": timezone.localdate(), **_page(found, request)}
    return render(request, "places/organizations.html", context)


@may("units.read")
def below(request: HttpRequest, pk: int) -> HttpResponse:
    """What stood directly under an organization."""
    one = _mine(request, pk)
    return render(
        request, "places/_org_level.html", {"org": one, **_page(_states(request).filter(superior=one), request)}
    )


def _mine(request: HttpRequest, pk: int) -> Organization:
    return get_object_or_404(request.scope.narrow(Organization.objects.select_related("place")), pk=pk)


class Superior(forms.Form):
    """Under whom, from when, by which document."""

    superior = forms.CharField(label="新的上级党组织", required=False, help_text="全称；不填表示没有上级。")
    day = forms.DateField(label="生效日期", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    document = forms.CharField(label="文件依据", max_length=200)

    def __init__(self, *args: Any, among: QuerySet[Organization], **more: Any) -> None:
        super().__init__(*args, **more)
        self.among = among
        self.fields["day"].initial = timezone.localdate()
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean_superior(self) -> Organization | None:
        """The organization of that name."""
        name = self.cleaned_data["superior"].strip()
        if not name:
            return None
        found = self.among.filter(name=name).first()
        if found is None:
            raise forms.ValidationError(f"辖区内没有叫“{name}”的党组织，请填全称。")
        return found

    def clean_day(self) -> Any:
        """Only what has happened."""
        if self.cleaned_data["day"] > timezone.localdate():
            raise forms.ValidationError("生效日期还没有到，请到期再登记。")
        return self.cleaned_data["day"]


@may("members.edit")
def superior(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an organization under another."""
    one = _mine(request, pk)
    form = Superior(request.POST or None, among=request.scope.narrow(Organization.objects.all()))
    if request.method == "POST" and form.is_valid():
        try:
            superiors.change_superior(by=request.user, org=one, **form.cleaned_data)
        except Impossible as why:
            form.add_error(why.field or None, str(why))
        else:
            messages.success(request, f"{one.name}：上级已变更，自 {form.cleaned_data['day']} 起生效。")
            return redirect("organization", one.pk)
    return render(request, "places/superior.html", {"form": form, "org": one}, status=422 if form.errors else 200)
