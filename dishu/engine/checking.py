"""Is an edition whole and true to itself? Hashes, keys, rules, and its sealed figures computed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import pyarrow as pa

from dishu.engine import kept, packed
from dishu.engine.edition import Edition, rules_used, sha256
from dishu.engine.facts import Facts, Table
from dishu.engine.figures import Counts, figures, states_at


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, with a stable code."""

    code: str
    text: str


def check(edition: Edition) -> list[Finding]:
    """All findings; empty where the edition is sound. Damaged files end the check: nothing can be computed on them."""
    broken = list(_files(edition))
    if broken:
        return broken
    facts = edition.facts()
    return [*_keys(facts), *_rules(edition), *_figures(edition, facts), *_kept(edition, facts)]


def _files(edition: Edition) -> Iterator[Finding]:
    listed = {entry["file"]: entry["sha256"] for entry in edition.manifest["files"]}
    listed["figures.parquet"] = edition.manifest["figures_sha256"]
    for name, expected in sorted(listed.items()):
        file = edition.path / name
        if not file.is_file():
            yield Finding("file_missing", f"{name}：文件缺失")
        elif sha256(file) != expected:
            yield Finding("file_changed", f"{name}：内容与封存时不同")
    for file in sorted((edition.path / "facts").rglob("*.parquet")):
        if str(file.relative_to(edition.path)) not in listed:
            yield Finding("file_added", f"{file.relative_to(edition.path)}：封存后多出的文件")


#: child table, its key, the table that must know the key
REFERENCES = (
    ("employment", "member", "member"), ("employment", "unit", "unit"), ("affiliation", "member", "member"),
    ("participation", "member", "member"), ("identity", "member", "member"), ("coverage", "unit", "unit"),
    ("coverage", "org", "org"), ("instructor", "unit", "unit"), ("plan", "unit", "unit"), ("work", "unit", "unit"),
    ("unit", "place", "place"), ("member", "place", "place"), ("org", "place", "place"),
)  # fmt: skip


def _keys(facts: Facts) -> Iterator[Finding]:
    for child, key, parent in REFERENCES:
        lost = _count(facts.tables[child].anti_join(facts.tables[parent], key))
        if lost:
            yield Finding("key_unknown", f"{child}.{key}：有 {lost} 行在 {parent} 表中找不到")
    for name in ("unit", "member", "org"):
        doubled = _count(_overlaps(facts.tables[name], name))
        if doubled:
            yield Finding("period_overlaps", f"{name}：有 {doubled} 行与同一对象的另一行时间重叠")
    for name in ("unit", "member", "org", "employment", "affiliation", "coverage"):
        table = facts.tables[name]
        backwards = _count(table.filter(table.until <= table.since))
        if backwards:
            yield Finding("period_backwards", f"{name}：有 {backwards} 行结束不晚于开始")


def _overlaps(table: Table, key: str) -> Table:
    order = ibis.window(group_by=key, order_by="since")
    follows = table.select(key, "since", "until", next=table.since.lead().over(order))
    return follows.filter(follows.next.notnull() & (follows.until.isnull() | (follows.next < follows.until)))


def _count(table: Table) -> int:
    return int(table.count().to_pyarrow().as_py())


def _rules(edition: Edition) -> Iterator[Finding]:
    now = {rule["rule"]: rule for rule in rules_used(edition.day)}
    for rule in edition.manifest["rules"]:
        current = now.get(rule["rule"], {}).get("value")
        if current != rule["value"]:
            yield Finding("rule_changed", f"规则 {rule['rule']} 封存时为 {rule['value']}，现在为 {current}")


def _figures(edition: Edition, facts: Facts) -> Iterator[Finding]:
    again = figures(Counts.of(states_at(facts, edition.day)), edition.tree(), codes=edition.manifest["indicators"])
    sealed = edition.sealed_figures()
    for row in differences(sealed, again)[:20]:
        yield Finding("figure_differs", f"{row}：重算结果与封存的不同")


def _kept(edition: Edition, facts: Facts) -> Iterator[Finding]:
    """Rows kept beside the edition are those of its facts."""
    beside = kept.facts(edition).packed
    if beside is not None and not packed.same(beside(), packed.of(facts)):
        yield Finding("kept_differs", f"{kept.place(edition)}：旁边保存的整理数据与事实不同，请删除这个文件夹")


def differences(sealed: pa.Table, again: pa.Table) -> list[str]:
    """`indicator@place` of each figure that is not the same in both tables."""
    left = {(r["indicator"], r["place"]): r for r in sealed.to_pylist()}
    right = {(r["indicator"], r["place"]): r for r in again.to_pylist()}
    return sorted(f"{code}@{place}" for code, place in left.keys() | right.keys()
                  if left.get((code, place)) != right.get((code, place)))  # fmt: skip
