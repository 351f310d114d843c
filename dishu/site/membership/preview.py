"""What member, affiliation, organization and plan rosters would do, person by person, before anything is done."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow.compute as pc

from dishu.engine import link
from dishu.engine.baseline.gather import Gathered
from dishu.engine.baseline.orgs import gather_orgs
from dishu.engine.baseline.people import TABLES, Row, owned_by, people_facts, persons
from dishu.site import crypto
from dishu.site.intake.models import Upload
from dishu.site.membership import known
from dishu.site.membership.models import Member
from dishu.site.registry.preview import RING
from dishu.standards import ids
from dishu.standards.problems import tell  # noqa: F401


@dataclass
class Person:
    """One person of the rosters: who they are, their facts, and the member they are known as (`None` = new)."""

    name: str
    sex: str
    birth: Any
    citizen_id: str | None
    phone: str | None
    row: int
    sheet: str
    facts: dict[str, list[Row]]
    member: int | None = None
    doubt: str = ""
    orgs: dict[int, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where the person is a member, by the last standing."""
        return str(self.facts["member"][-1]["place"])


def preview_people(upload: Upload, gathered: Gathered) -> dict[str, int]:
    """Match the rows with each other, with owners and with members known; leaves the result, encrypted, beside the upload."""
    where = known.map_of(upload.place, upload.day)
    units = known.units(upload.place)
    found = persons(gathered, where)
    facts, homeless = people_facts(found, units, owned_by(units.rows, found.records), where, RING, upload.day)
    who, doubts = _known(found.records, upload)
    translate = known.translator(where)
    people = [
        _person(found.groups[group], one, who, doubts, translate) for group, one in facts.items() if one["member"]
    ]
    _write(upload, people)
    counts = Counter("doubtful" if p.doubt else "known" if p.member else "new" for p in people)
    repeated = sum(len(rows) - 1 for rows in found.groups.values())
    return {**counts, "repeated": repeated, "refused": gathered.refused_rows(), "homeless": homeless.num_rows}


def _known(records: Any, upload: Upload) -> tuple[dict[str, int], dict[str, str]]:
    """The member each record is, and the reasons where a person must decide."""
    pairs = link.people.link(records, known.records(upload.place)).to_pylist()
    sure = {p["left_id"]: int(p["right_id"]) for p in pairs if p["decision"] == "match"}
    doubts = {p["left_id"]: p["reasons"] for p in pairs if p["decision"] == "review" and p["left_id"] not in sure}
    by_trace = dict(Member.objects.exclude(citizen_trace=None).values_list("citizen_trace", "pk"))
    numbers = zip(records["rec_id"].to_pylist(), records["id_no"].to_pylist(), strict=True)
    sure |= {rec: by_trace[t] for rec, no in numbers if no and (t := crypto.trace(no)) in by_trace}
    return sure, doubts


def _person(
    rows: list[Row], facts: dict[str, list[Row]], who: dict[str, int], doubts: dict[str, str], to: known.Translator
) -> Person:
    recs = [row["rec_id"] for row in rows]
    numbers = [r["citizen_id"] for r in rows if r["citizen_id"] and ids.citizen_id(r["citizen_id"]).ok]
    for job in facts["employment"]:
        job["unit"] = to.unit(job["unit"])
    return Person(
        name=rows[0]["name"], sex=_first(rows, "sex") or "", birth=_first(rows, "birth"),
        citizen_id=min(numbers, default=None), phone=_first(rows, "phone"), row=rows[0]["source_row"],
        sheet=rows[0]["source_sheet"] or "", facts={name: facts[name] for name in TABLES},
        member=next((who[rec] for rec in recs if rec in who), None),
        doubt=next((doubts[rec] for rec in recs if rec in doubts), ""),
        orgs=_named(rows),
    )  # fmt: skip


def _first(rows: list[Row], name: str) -> Any:
    return next((row[name] for row in rows if row.get(name) is not None), None)


def _named(rows: list[Row]) -> dict[int, str]:
    """The organizations the rows name, by the engine's key."""
    from dishu.engine.baseline.orgs import org_key

    written = {row[column] for row in rows for column in ("org", "participates_in") if row.get(column)}
    return {key: name for name in written if (key := org_key(RING, name)) is not None}


def preview_orgs(upload: Upload, gathered: Gathered) -> dict[str, int]:
    """Organizations, whom they cover, and the plan."""
    where = known.map_of(upload.place, upload.day)
    orgs = gather_orgs(gathered, known.units(upload.place), where, RING, upload.day)
    to = known.translator(where)
    rows = {name: table.to_pylist() for name, table in orgs.facts.items()}
    for name in ("coverage", "plan"):
        for row in rows[name]:
            row["unit"] = to.unit(row["unit"])
    names = {
        row["org"]: (row["name"], row["source_row"], row["source_sheet"] or "") for row in orgs.register.to_pylist()
    }
    superiors = _superiors(gathered)
    _write(upload, {"facts": rows, "names": names, "superiors": superiors})
    new = sum(key not in to.orgs for key in names)
    return {
        "new": new, "known": len(names) - new, "covered": len(rows["coverage"]), "planned": len(rows["plan"]),
        "lost": orgs.lost.num_rows, "refused": gathered.refused_rows(),
    }  # fmt: skip


def _superiors(gathered: Gathered) -> dict[int, str]:
    from dishu.engine.baseline.orgs import org_key

    written = pc.unique(gathered.table("organization")["superior"]).to_pylist()
    return {key: name for name in written if name and (key := org_key(RING, name)) is not None}


def _write(upload: Upload, result: Any) -> None:
    upload.folder.mkdir(parents=True, exist_ok=True)
    (upload.folder / "preview.bin").write_bytes(crypto.hide_bytes(pickle.dumps(result)))


def read(upload: Upload) -> Any:
    """What a preview left; ours alone: encrypted with the site's key, so nobody else could have written it."""
    return pickle.loads(crypto.show_bytes((upload.folder / "preview.bin").read_bytes()))
