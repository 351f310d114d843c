"""Small rosters written in a test and sent through the site's own actions."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from dishu.site.accounts.models import User
from dishu.site.doubts.models import Pair
from dishu.site.intake import actions as intake
from dishu.site.intake import kept
from dishu.site.intake.models import Upload
from dishu.site.membership import judging, write
from dishu.site.rosters import actions, work
from dishu.site.territory.models import Place

DAY, LATER = date(2007, 7, 20), date(2007, 8, 20)
#: One made-up person in several rosters: numbers of area 99 and phones of 194 belong to nobody.
SUN = {"姓名": "孙志春", "身份证号码": "991558196811277652", "手机": "19477319048"}
UNIT = {
    "营业执照注册号": "421302099000017",
    "企业名称": "曾都区凯旋医药贸易有限公司",
    "县（市、区）": "曾都区",
    "成立时间": "2001-05-01",
}
OTHER_UNIT = {
    "营业执照注册号": "421302099000041",
    "企业名称": "湖北裕松专用汽车有限公司",
    "县（市、区）": "曾都区",
    "成立时间": "1999-03-01",
}
#: Tables of the register in which nothing may move when nothing new is said.
REGISTER = (
    "registry_unit", "registry_unitstate", "registry_posting", "registry_work", "membership_member",
    "membership_standing", "membership_employment", "membership_affiliation", "membership_participation",
    "membership_shown", "membership_organization", "membership_organizationstate", "membership_coverage",
    "membership_planned", "membership_judgement", "registry_joined",
)  # fmt: skip


def written(*rows: dict[str, Any]) -> bytes:
    """Rows as a CSV file."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def sent(
    name: str, content: bytes, *, day: date = DAY, place: str = "4213", by: str = "shi", layout: str = ""
) -> Upload:
    """A file received and previewed."""
    file = SimpleUploadedFile(name, content)
    where = Place.objects.get(code=place)
    upload = intake.receive(by=User.objects.get(username=by), file=file, place=where, day=day, layout=layout)
    work.prepare.func(upload.pk)
    upload.refresh_from_db()
    assert upload.stage == "previewed", upload.problem
    return upload


def put(name: str, *rows: dict[str, Any], **about: Any) -> tuple[Upload, int]:
    """A roster of these rows committed; how many rows of the register it touched."""
    upload = sent(name, written(*rows), **about)
    touched = actions.commit(upload, by=upload.by)
    upload.refresh_from_db()
    return upload, touched


def row_versions() -> dict[str, list[tuple[Any, ...]]]:
    """Each row of the register with the transaction that wrote it: differs where anything was written at all."""
    with connection.cursor() as cursor:
        found = {}
        for table in REGISTER:
            cursor.execute(f"SELECT id, xmin::text FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
        return found


def content() -> dict[str, object]:
    """Every row of the register and of the pairs, and what the rosters said last."""
    found: dict[str, object] = {}
    with connection.cursor() as cursor:
        for table in (*REGISTER, "doubts_pair"):
            if table != "membership_judgement":
                cursor.execute(f"SELECT * FROM {table} ORDER BY id")
                found[table] = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor]
    last = write.last(kept.circle(Pair.objects.first().place))
    found["last"] = (last.recs, last.ties, last.owned, last.employers, last.public)
    return found


def judged_again() -> int:
    """How many rows the whole judgement of all rosters would touch now."""
    top = kept.circle(Pair.objects.first().place)
    uploads = kept.committed(top)
    return write.write(top, judging.judged(top, uploads), write.last(top), frozenset(u.pk for u in uploads))
