"""`dishu backup` and `dishu restore`: all of a site in one file, with a hash of each part; and the site again from it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click

from dishu.cli import pg

MANIFEST, DUMP, KEYS = "manifest.json", "database.dump", "keys.json"
#: Lies in a home whose restore was broken off; nothing is served from there.
BROKEN_OFF = "restore-not-finished"
#: What is made again by itself, or is the database itself.
NOT_KEPT = (
    "postgres",
    "static",
    "editions/current",
    "editions/current.lock",
    "editions/counties.lock",
    "editions/asked",
)
PIECE = 1 << 20


@click.command()
@click.option("--to", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), help="备份写到哪个文件")
@click.option("--with-key", is_flag=True, help="连密钥一起备份（不建议：密钥应与数据分开保管）")
def backup(target: Path, with_key: bool) -> None:
    """把网站的全部数据备份成一个文件：数据库、上传的名册、封存的版次，附每一部分的摘要。

    例：dishu backup --to /备份/2026-11-22.dishu
    """
    _django()
    counts = write(target, with_key)
    click.echo(f"已备份：{target}（{target.stat().st_size / 1e6:.1f} MB，{sum(counts.values()):,} 行）", err=True)
    if not with_key:
        click.echo("密钥没有放进备份。没有 DISHU_DATA_KEY，身份证号和手机号读不出来，请另行妥善保管。", err=True)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """从备份文件恢复网站：只恢复到空的文件夹和空的数据库，逐一核对摘要、行数和操作记录。

    例：DISHU_HOME=/srv/dishu dishu restore /备份/2026-11-22.dishu
    """
    from dishu.site import database

    manifest = verified(source)
    home = database.home()
    if home.exists() and any(home.iterdir()):
        raise ValueError(f"{home} 不是空的，恢复不会覆盖已有的数据。请把 DISHU_HOME 设为一个空文件夹，或先清空它。")
    home.mkdir(parents=True, exist_ok=True)
    (home / BROKEN_OFF).touch()
    lines = read(source, home, manifest)
    (home / BROKEN_OFF).unlink()
    click.echo(f"已恢复到 {home}：{sum(manifest['rows'].values()):,} 行，操作记录 {lines:,} 行完整。", err=True)
    click.echo(_about_keys(manifest, home), err=True)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dishu.site.settings")
    import django

    django.setup()


def write(target: Path, with_key: bool = False) -> dict[str, int]:
    """Write the backup; a broken-off one leaves only a file that ends in .part. Returns rows by table."""
    from django.conf import settings

    from dishu import __version__
    from dishu.site import crypto

    home = Path(settings.HOME)
    part = target.with_name(target.name + ".part")
    hashes: dict[str, str] = {}
    with part.open("wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        os.fchmod(stream.fileno(), 0o600)
        with tempfile.TemporaryDirectory(dir=target.parent) as space:
            dump = Path(space) / DUMP
            counts = pg.dump(dump)
            hashes[DUMP] = _add(archive, dump, DUMP)
        for file in _kept(home):
            name = f"home/{file.relative_to(home)}"
            hashes[name] = _add(archive, file, name)
        if with_key:
            keys = {"DISHU_DATA_KEY": settings.DATA_KEY.decode(), "DISHU_SECRET_KEY": settings.SECRET_KEY}
            hashes[KEYS] = _add_text(archive, KEYS, json.dumps(keys))
        manifest = {
            "dishu": __version__,
            "server": pg.major(),
            "rows": counts,
            "key": crypto.trace("which key"),
            "hashes": hashes,
        }
        _add_text(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        archive.close()
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(target)
    return counts


def _kept(home: Path) -> Iterator[Path]:
    for file in sorted(home.rglob("*")):
        inside = file.relative_to(home).as_posix()
        if file.is_file() and not any(inside == name or inside.startswith(f"{name}/") for name in NOT_KEPT):
            yield file


def _add(archive: tarfile.TarFile, file: Path, name: str) -> str:
    entry = archive.gettarinfo(file, name)
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        archive.addfile(entry, stream)
    return digest


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> str:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    archive.addfile(entry, io.BytesIO(data))
    return hashlib.sha256(data).hexdigest()


def verified(source: Path) -> dict[str, Any]:
    """The manifest, after each part was found whole; ValueError where the file is cut short or was changed."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(source) as archive:
            for entry in archive:
                stream = archive.extractfile(entry)
                if stream is None or not _plain(entry.name):
                    raise ValueError(f"{source} 里有不该有的内容：{entry.name}。请换一份备份。")
                if entry.name == MANIFEST:
                    manifest = json.loads(stream.read())
                else:
                    found[entry.name] = _digest(stream)
    except (tarfile.TarError, EOFError, json.JSONDecodeError) as error:
        raise ValueError(f"{source} 不是完整的底数备份，读到一半就断了。请换一份备份。") from error
    if manifest is None or found != manifest["hashes"]:
        wrong = sorted(set(found.items()) ^ set((manifest or {"hashes": {}})["hashes"].items()))
        raise ValueError(
            f"{source} 与清单不符（{wrong[0][0] if wrong else '没有清单'}），可能被截断或改动。请换一份备份。"
        )
    return manifest


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(PIECE):
        digest.update(block)
    return digest.hexdigest()


def _plain(name: str) -> bool:
    """A name that stays within the folder it is written to."""
    return name in (MANIFEST, DUMP, KEYS) or (name.startswith("home/") and ".." not in name.split("/"))


def read(source: Path, home: Path, manifest: dict[str, Any]) -> int:
    """Files and database from a verified backup; checks rows and the trail. Returns the trail's lines."""
    with tempfile.TemporaryDirectory(dir=home.parent) as space, tarfile.open(source) as archive:
        dump = Path(space) / DUMP
        for entry in archive:
            inside = re.sub("^home/", "", entry.name)
            file = dump if entry.name == DUMP else home / inside
            if entry.name in (MANIFEST, KEYS):
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as out:
                stream = archive.extractfile(entry)
                while stream and (block := stream.read(PIECE)):
                    out.write(block)
        _django()
        pg.load(dump)
    from django.core.management import call_command

    from dishu.site.trail import chain

    if (rows := pg.rows()) != manifest["rows"]:
        wrong = next(name for name in manifest["rows"] if rows.get(name) != manifest["rows"][name])
        raise RuntimeError(
            f"恢复后 {wrong} 的行数是 {rows.get(wrong)}，备份时是 {manifest['rows'][wrong]}。请换一份备份重新恢复。"
        )
    proof = chain.whole()
    if proof.broken is not None:
        raise RuntimeError(f"操作记录第 {proof.broken} 行与前一行不符。请保全这份备份，并报告审计管理员。")
    call_command("migrate", verbosity=0, interactive=False)  # the backup may be of an older release
    return proof.lines


def _about_keys(manifest: dict[str, Any], home: Path) -> str:
    from dishu.site import crypto

    if manifest["key"] == crypto.trace("which key"):
        return "密钥与备份时相同。"
    inside = "备份里带有密钥（keys.json），" if KEYS in manifest["hashes"] else ""
    return f"注意：现在的 DISHU_DATA_KEY 与备份时不同，身份证号和手机号读不出来。{inside}请设为原来的密钥再启动。"


def refuse_half(home: Path) -> None:
    """Raise where a restore into this home was broken off."""
    if (home / BROKEN_OFF).exists():
        raise RuntimeError(f"{home} 里的恢复没有做完，不能启动。请清空它，再用 dishu restore 恢复一次。")
