"""The site's routes as a walker finds them in the URLconf, with samples for those that take arguments."""

from datetime import date

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

SINCE = date(2000, 1, 1)
INSIDE, OUTSIDE = "421381", "421303"
#: Written only into records outside: none of it may stand in any page of somebody inside.
SECRET = "外人甲乙丙"
#: Says to whoever is logged in that they are, and nothing else.
HERE = "people/me/here/"
#: Written into the members inside: a page that shows it has looked at a person.
PERSON = "内人丁戊己"
#: Routes by name: arguments from the world (`inside` or `outside`).
SAMPLES = {
    "figures": lambda world: {"code": world["place"]},
    "indicator": lambda world: {"code": world["place"], "name": "base_known"},
    "rows": lambda world: {"code": world["place"], "name": "affiliation_clear", "part": "total"},
    "six": lambda world: {"code": world["place"]},
    "trend": lambda world: {"code": world["place"], "name": "base_known"},
    "rows_export": lambda world: {"code": world["place"], "name": "affiliation_clear", "part": "total"},
    "edition": lambda world: {"pk": world["sealed"].pk},
    "check_edition": lambda world: {"pk": world["sealed"].pk},
    "compared": lambda world: {"pk": world["sealed"].pk, "other": world["sealed"].pk},
    "report": lambda world: {"pk": world["sealed"].pk, "kind": "xlsx"},
    "trouble": lambda world: {"code": world["place"]},
    "trouble_counts": lambda world: {"code": world["place"]},
    "settle": lambda world: {"pk": world["member"].pk},
    "cover": lambda world: {"pk": world["unit"].pk},
    "split": lambda world: {"pk": world["unit"].pk},
    "source": lambda world: {"kind": "standing", "pk": world["standing"].pk},
    "unit": lambda world: {"pk": world["unit"].pk},
    "upload": lambda world: {"pk": world["upload"].pk},
    "columns": lambda world: {"pk": world["upload"].pk},
    "commit": lambda world: {"pk": world["upload"].pk},
    "undo": lambda world: {"pk": world["upload"].pk},
    "rejected": lambda world: {"pk": world["upload"].pk},
    "place": lambda world: {"code": world["place"]},
    "place_below": lambda world: {"code": world["place"]},
    "place_change": lambda world: {"code": world["street"], "what": "rename"},
    "organization": lambda world: {"pk": world["org"].pk},
    "organization_below": lambda world: {"pk": world["org"].pk},
    "stalls": lambda world: {"pk": world["unit"].pk},
    "unit_form": lambda world: {"pk": world["unit"].pk},
    "unit_act": lambda world: {"pk": world["unit"].pk, "name": "correct"},
    "coverage_act": lambda world: {"pk": world["unit"].pk, "name": "cover"},
    "member": lambda world: {"pk": world["member"].pk},
    "member_act": lambda world: {"pk": world["member"].pk, "name": "correct"},
    "reveal": lambda world: {"pk": world["member"].pk},
    "organization_act": lambda world: {"pk": world["org"].pk, "name": "change"},
    "ledger": lambda world: {"code": world["place"]},
    "database": lambda world: {"code": world["place"]},
    "user": lambda world: {"pk": world["user"].pk},
    "user_appoint": lambda world: {"pk": world["user"].pk},
    "user_active": lambda world: {"pk": world["user"].pk},
    "user_release": lambda world: {"pk": world["post"].pk},
    "lock": lambda world: {"pk": world["user"].pk},
    "token_revoke": lambda world: {"pk": world["token"].pk},
    "mine_withdraw": lambda world: {"pk": world["correction"].pk},
    "correction": lambda world: {"pk": world["correction"].pk},
    **dict.fromkeys(("pair", "pair_decide", "pair_split", "pair_undo"), lambda world: {"pk": world["pair"].pk}),
    "invite": lambda world: {"pk": world["member"].pk},
}
#: What the parameters of API paths stand for; a new call that uses these names is walked without writing a test.
OF_API = {
    "place": lambda world: world["place"], "unit": lambda world: world["unit"].pk,
    "member": lambda world: world["member"].pk, "organization": lambda world: world["org"].pk,
    "upload": lambda world: world["upload"].pk, "edition": lambda world: world["sealed"].pk,
    "other": lambda world: world["sealed"].pk, "indicator": lambda world: "affiliation_clear",
    "situation": lambda world: "total", "way": lambda world: "rename",
}  # fmt: skip
#: Those that are no record and so lie nowhere.
NOWHERE = ("indicator", "situation", "way")
#: Find nothing to show or to take in the samples as they are.
WITHOUT = ("rejected", "pair_decide", "send", "seal", "token_revoke")
#: Not ours: their views come without our guard and are walked for anonymous visitors only.
FOREIGN = ("allauth.", "django.", "ninja.")


def routes(patterns=None, prefix=""):
    """Every (name, view, pattern text) of the site."""
    for entry in patterns or get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield entry, prefix + str(entry.pattern)


def names(patterns=None, space=""):
    """Every name by which an address is asked for."""
    for entry in patterns or get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif entry.name and entry.callback.__module__.startswith(("dishu.", "ninja.")):
            yield space + entry.name


def ours():
    found = [(entry, text) for entry, text in routes() if entry.callback.__module__.startswith("dishu.")]
    assert len(found) > 15
    return [pytest.param(entry, text, id=text or "/") for entry, text in found]


def address(entry, text, world):
    """The route's address with arguments from that side of the border."""
    if "<" not in text:
        return reverse(entry.name)
    assert entry.name in SAMPLES, f"路径 {text}（{entry.name}）带参数：请在 SAMPLES 里写明取哪条记录。"
    return reverse(entry.name, kwargs=SAMPLES[entry.name](world))


def visit(client, url):
    """What a visitor gets; a route that only takes what is sent is sent nothing."""
    answer = client.get(url)
    return client.post(url) if answer.status_code == 405 else answer


def body(answer):
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(errors="replace")
