"""The site filled with a made-up place, by the same actions a user's upload takes, and one log-in per role."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PASSWORD = "dishu-demo-2026"
MEMBER = "dangyuan"
SINCE = date(2000, 1, 1)
#: How many doubtful pairs of either kind.
AGAIN = 4
#: Which rosters first: units, then organizations that cover them, then the people in them.
ORDER = ("units", "organizations", "members")
#: log-in, name, role, and how deep below the place's top the role is held
CAST = (
    ("sheng", "省级", "province_officer", 0),
    ("shi", "市级", "city_officer", 1),
    ("xian", "县级", "county_officer", 2),
    ("suo", "市场监管所", "office_officer", 3),
    ("modi", "摸底员", "surveyor", 3),
    ("shuji", "支部书记", "branch_secretary", 3),
    ("zhidao", "指导员", "instructor", 3),
    ("lingdao", "领导", "leader", 1),
    ("choucha", "抽查员", "auditor", 1),
    ("xitong", "系统管理员", "system_administrator", 1),
    ("anquan", "安全管理员", "security_administrator", 1),
    ("shenji", "审计管理员", "audit_administrator", 1),
)


def fill(rosters: Path, scope: str, tell: Callable[[str], None]) -> None:
    """Places, accounts and rosters into an empty site; what is there already is left alone. `cli.site.ready` first."""
    from dishu.site.territory import actions as territory
    from dishu.site.territory.models import Place

    if not Place.objects.exists():
        tell("装入区划")
        territory.load_divisions(by=None, scope=scope)
    users = _cast(scope)
    day = date.fromisoformat((rosters / "day.txt").read_text().strip())
    for kind in ORDER:
        for file in sorted((rosters / kind).iterdir()):
            _upload(file, users["shi"], Place.objects.get(code=scope), day, tell)
    _doubts(users["shi"], Place.objects.get(code=scope), day, tell)
    _member(users["suo"])


def _doubts(by: Any, place: Any, day: date, tell: Callable[[str], None]) -> None:
    """Rosters sent in later, of rows that are known but written otherwise: pairs for the matching desk.

    The demo's own rosters leave none: whoever stands in two of them stands there with a number.
    """
    from dishu.site.doubts.models import Pair

    if Pair.objects.exists():
        return
    with TemporaryDirectory() as folder:
        for name, rows in (("补报的企业.csv", _firms_again()), ("补报的党员.csv", _people_again())):
            file = Path(folder) / name
            with file.open("w", newline="", encoding="utf-8") as opened:
                writer = csv.DictWriter(opened, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
            _upload(file, by, place, day, tell)


def _firms_again() -> list[dict[str, str]]:
    """Firms under a shorter name, without their number."""
    from dishu.site.registry.models import Unit

    there = Unit.objects.open().filter(name__endswith="有限公司").select_related("place").order_by("pk")
    return [
        {"企业名称": one.name.removesuffix("有限公司") + "公司", "县（市、区）": _county(one), "从业人员": "21"}
        for one in there[:AGAIN]
    ]


def _county(unit: Any) -> str:
    from dishu.site.territory.models import Place

    return str(Place.objects.get(code=unit.place.code[:6]).name)


def _people_again() -> list[dict[str, str]]:
    """Members with a letter of their name lost, without their number."""
    from dishu.site import crypto
    from dishu.site.membership.models import Employment

    there = Employment.objects.filter(until=None, member__phone__isnull=False, member__name__regex="^...$")
    return [
        {"姓名": one.member.name[0] + one.member.name[2], "党员类别": "正式党员", "手机": crypto.show(one.member.phone),
         "单位名称": one.unit.name, "县（市、区）": _county(one.unit)}
        for one in there.select_related("member", "unit__place").order_by("member")[:AGAIN]
    ]  # fmt: skip


def _cast(scope: str) -> dict[str, Any]:
    from dishu.site.accounts import actions as accounts
    from dishu.site.accounts.models import User

    users = {}
    for login, name, role, depth in CAST:
        user = User.objects.filter(username=login).first()
        users[login] = user or accounts.open_account(by=None, username=login, name=name, password=PASSWORD)
        accounts.appoint(by=None, user=users[login], role=role, place=_place(scope, depth), since=SINCE)
    return users


def _member(officer: Any) -> None:
    """The log-in of one member of the officer's street, opened with a code as members do it."""
    from dishu.site.accounts import scope
    from dishu.site.membership.models import Member
    from dishu.site.mine import login

    mine = scope.of(officer).narrow(Member.objects.filter(employments__isnull=False, affiliations__isnull=False))
    member = mine.order_by("pk").first()
    if member is not None and not member.users.exists():
        code = login.invite(by=officer, member=member, reason="演示")
        login.activate(code=code, name=member.name, username=MEMBER, password=PASSWORD)


def _place(scope: str, depth: int) -> Any:
    """The province, the city, its first open county, that county's first open township."""
    from dishu.site.territory.models import Place

    if depth < 2:
        return Place.objects.get(code=scope[:2] if depth == 0 else scope)
    level = ("county", "township")[depth - 2]
    return Place.objects.open().filter(level=level, code__startswith=scope).order_by("code").first()


def _upload(file: Path, by: Any, place: Any, day: date, tell: Callable[[str], None]) -> None:
    """One roster sent, previewed and committed, as a user does it in the browser."""
    from django.core.files import File

    from dishu.site.intake import actions as intake
    from dishu.site.rosters import work

    with file.open("rb") as opened:
        upload = intake.receive(by=by, file=File(opened, name=file.name), place=place, day=day)
    if upload.stage == "received":
        work.prepare.func(upload.pk)
        upload.refresh_from_db()
    if upload.stage == "previewed":
        intake.step(upload, "committing", 0)
        work.commit.func(upload.pk, by.pk)
        upload.refresh_from_db()
    tell(f"{file.name}：{upload.get_stage_display()}")


def log_ins() -> str:
    """Who can log in, for the terminal."""
    return (
        "\n".join(f"  {login:<8} {name}" for login, name, _, _ in CAST)
        + f"\n  {MEMBER:<8} 党员本人\n  密码都是 {PASSWORD}"
    )
