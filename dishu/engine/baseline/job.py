"""The main job: dirty rosters in; an edition, figures, lists, the rows to correct and two reports out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

import dishu
from dishu.engine import edition as editions
from dishu.engine import intake
from dishu.engine.baseline import places
from dishu.engine.baseline.draft import OutTaken, drafted
from dishu.engine.baseline.gather import Gathered, Tell, read_all
from dishu.engine.baseline.keys import Keyring
from dishu.engine.baseline.lists import Register
from dishu.engine.baseline.orgs import Orgs, gather_orgs
from dishu.engine.baseline.people import People, gather_people
from dishu.engine.baseline.units import Units, gather_units, unit_facts
from dishu.engine.facts import TABLES, empty
from dishu.engine.report.letter import Letter


@dataclass(frozen=True)
class Job:
    """What is asked: files by kind, the day, where to write; `moment` is the caller's clock as text."""

    units: tuple[Path, ...]
    members: tuple[Path, ...]
    organizations: tuple[Path, ...]
    day: date
    out: Path
    secret: bytes
    moment: str
    scope: str | None = None
    letter: Letter | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """All rosters."""
        return (*self.units, *self.members, *self.organizations)

    def fingerprint(self) -> str:
        """What the result depends on, as one hash: the files' bytes, the day, the scope, the letter, the program's version."""
        digest = hashlib.sha256(f"{dishu.__version__} {self.day} {self.scope}".encode())
        digest.update(hashlib.sha256(self.secret).digest())
        for path in sorted(self.files):
            digest.update(f"{path.name} {editions.sha256(path)}".encode())
        if self.letter:
            digest.update(repr(self.letter).encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class Found:
    """What the rosters say, before it is written: facts, names beside them, doubts."""

    facts: dict[str, pa.Table]
    register: Register
    doubts: Mapping[str, pa.Table]
    gathered: Gathered


class NothingToCount(RuntimeError):
    """No roster gave a single usable unit."""

    def __init__(self, gathered: Gathered) -> None:
        whys = "；".join(f"{r.path.name}：{r.text}" for r in gathered.refused) or "名册中没有可用的单位"
        super().__init__(f"没有可以统计的单位。{whys}")
        self.gathered = gathered


def already(job: Job) -> editions.Edition | None:
    """The edition that an earlier run of the very same job left; None where there is none yet.

    Raises `OutTaken` where the folder holds anything else.
    """
    if job.out.exists() and not job.out.is_dir():
        raise OutTaken(job.out)
    if not job.out.exists() or not any(job.out.iterdir()):
        return None
    try:
        found = editions.open(job.out / "edition")
    except editions.EditionDamaged as damaged:
        raise OutTaken(job.out) from damaged
    if found.manifest["source"].get("fingerprint") != job.fingerprint():
        raise OutTaken(job.out)
    return found


def find(job: Job, tell: Tell) -> Found:
    """Read, match and merge the rosters."""
    gathered = read_all(job.files, tell)
    unit_tables = [gathered.table(layout) for layout in ("registration", "individual", "market")]
    if not any(table.num_rows for table in unit_tables):
        raise NothingToCount(gathered)
    where = places.Map(job.scope or places.scope_of(unit_tables, job.day), job.day)
    keyring = Keyring(job.secret)
    tell("核对单位：哪些行说的是同一个单位")
    units = gather_units(gathered, where, keyring)
    tell(f"单位 {units.register.num_rows:,} 个；核对党组织与覆盖关系")
    orgs = gather_orgs(gathered, units, where, keyring, job.day)
    tell("核对党员：哪些行说的是同一个人，在哪里工作")
    people = gather_people(gathered, units, where, keyring, job.day)
    tell(
        f"党员 {len(set(people.facts['member']['member'].to_pylist())):,} 名；待人工确认 {people.doubtful.num_rows:,} 对"
    )
    made = {**unit_facts(units, where, keyring, job.day), **orgs.facts, **people.facts, "place": where.facts()}
    facts = {name: made.get(name, empty(name)) for name in TABLES}
    return Found(facts, _register(units, orgs, people), _doubts(units, orgs, people), gathered)


def _register(units: Units, orgs: Orgs, people: People) -> Register:
    counted = units.register.filter(
        pc.invert(pc.is_in(units.register["unit"], pa.array(sorted(units.public), pa.int64())))
    )
    shown = counted.select(["unit", "unit_code", "name", "source_file", "source_sheet", "source_row"])
    shown = shown.rename_columns(["unit", "code", "name", "source_file", "source_sheet", "source_row"])
    return Register({"unit": shown, "member": people.register, "org": orgs.register})


def _doubts(units: Units, orgs: Orgs, people: People) -> dict[str, pa.Table]:
    return {
        "疑似同一单位": _unit_doubts(units),
        "疑似同一党员": people.doubtful,
        "工作单位未找到": people.homeless,
        "覆盖单位未找到": orgs.lost,
        "国有集体控股不计入": _public(units),
    }


def _public(units: Units) -> pa.Table:
    rows = units.register.filter(pc.is_in(units.register["unit"], pa.array(sorted(units.public), pa.int64())))
    shown = rows.select(["name", "unit_code", "source_file", "source_sheet", "source_row"])
    return shown.rename_columns(["名称", "代码", "来源文件", "工作表", "行号"])


def _unit_doubts(units: Units) -> pa.Table:
    rows = units.rows.select(["rec_id", "name", "source_file", "source_sheet", "source_row"]).to_pylist()
    side = {
        r["rec_id"]: f"{r['source_file']} {r['source_sheet'] or ''} 第{r['source_row']}行 {r['name']}" for r in rows
    }
    pairs = units.doubtful
    return pa.table(
        {
            "一方": pa.array([side[i] for i in pairs["left_id"].to_pylist()], pa.string()),
            "另一方": pa.array([side[i] for i in pairs["right_id"].to_pylist()], pa.string()),
            "可能性": pairs["probability"],
            "理由": pairs["reasons"],
        }
    )


Write = Callable[[editions.Edition, Found, Path], None]


def run(job: Job, tell: Tell, more: Write) -> tuple[editions.Edition, Found]:
    """Do the job: all files are written to a draft folder, which takes its name only when it is whole.

    `more` writes what stands beside the edition (figures, lists, reports). One run at a time, see `drafted`.
    """
    out = job.out.resolve()  # now: afterwards, the folder one stood in may be another
    with drafted(out) as draft:
        found = find(job, tell)
        tell("封存版次，计算指标")
        parts = editions.by_county(found.facts)
        edition = editions.write(parts, draft / "edition", day=job.day, moment=job.moment, source=_source(job, found))
        found.register.write(draft / "register")
        intake.write_rejected(found.gathered.rosters, draft / "rejected.xlsx", withhold=True)
        tell("写出清单和报告")
        more(edition, found, draft)
    return editions.open(out / "edition"), found


def _source(job: Job, found: Found) -> dict[str, object]:
    """What the edition was made from, for its manifest."""
    return {
        "fingerprint": job.fingerprint(),
        "program": dishu.__version__,
        "files": [path.name for path in job.files],
        "refused_rows": found.gathered.refused_rows(),
        "refused_files": [f"{r.path.name}：{r.text}。{r.mend}" for r in found.gathered.refused],
    }
