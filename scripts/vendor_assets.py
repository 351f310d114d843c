"""Fetches the browser files we ship from their published packages (needs npm), and those that only tests use.

Writes dishu/site/ui/static/vendor/<package>/ with the licence beside the files, the icons we use as one template, and
VENDORED.md with versions; what is for tests goes to tests/stories/vendor/ and never to a user.
"""

import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUT = ROOT / "dishu/site/ui/static/vendor"
TESTS = ROOT / "tests/stories/vendor"
SPRITE = OUT / "icons.svg"

#: package -> (version, licence, file in the package -> name here)
PACKAGES = {
    "@tabler/core": ("1.6.1", "MIT", {"dist/css/tabler.min.css": "tabler.min.css", "dist/js/tabler.min.js": "tabler.min.js"}),
    "htmx.org": ("2.0.11", "0BSD", {"dist/htmx.min.js": "htmx.min.js"}),
    "echarts": ("6.1.0", "Apache-2.0", {"dist/echarts.common.min.js": "echarts.min.js"}),
}  # fmt: skip
FOR_TESTS = {"axe-core": ("4.14.1", "MPL-2.0", {"axe.min.js": "axe.min.js"})}
#: This package names its licence (MIT) but does not carry the text.
TABLER_LICENCE = """MIT License

Copyright (c) 2018-2026 The Tabler Authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
ICONS = (
    "home", "map-2", "building-store", "users", "upload", "arrows-shuffle", "chart-bar", "list-details", "user-cog",
    "history", "search", "download", "printer", "check", "x", "alert-triangle", "info-circle", "chevron-right",
    "eye", "edit", "logout", "lock", "file-spreadsheet", "calendar", "filter", "arrow-back-up", "language", "menu-2",
    "affiliate", "flag",
)  # fmt: skip


def fetch(package: str, version: str, into: Path) -> tarfile.TarFile:
    """The package's archive, opened."""
    subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=into, check=True, stderr=subprocess.DEVNULL)
    archive = f"{package.strip('@').replace('/', '-')}-{version}.tgz"
    return tarfile.open(into / archive)


def main() -> None:
    """Fetch all files."""
    with tempfile.TemporaryDirectory() as scratch:
        lines = [vendored(package, *about, OUT, Path(scratch)) for package, about in PACKAGES.items()]
        with fetch("@tabler/icons", "3.51.0", Path(scratch)) as archive:
            SPRITE.write_text(sprite(archive), encoding="utf-8")
        told(OUT, [*lines, "| @tabler/icons | 3.51.0 | MIT | icons.svg |"])
        told(TESTS, [vendored(package, *about, TESTS, Path(scratch)) for package, about in FOR_TESTS.items()])


def vendored(package: str, version: str, licence: str, files: dict[str, str], out: Path, scratch: Path) -> str:
    """One package's files with their licence; the line that tells of it."""
    folder = out / package.strip("@").replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    with fetch(package, version, scratch) as archive:
        names = archive.getnames()
        for inside, name in files.items():
            text = archive.extractfile(f"package/{inside}").read()
            # source maps are not shipped: a browser would ask for them in vain
            kept = [line for line in text.splitlines() if b"sourceMappingURL=" not in line]
            (folder / name).write_bytes(b"\n".join(kept) + b"\n")
        own = archive.extractfile("package/LICENSE").read() if "package/LICENSE" in names else TABLER_LICENCE.encode()
        (folder / "LICENSE").write_bytes(own)
    return f"| {package} | {version} | {licence} | {', '.join(files.values())} |"


def told(out: Path, lines: list[str]) -> None:
    """The list of what lies there."""
    head = ["# Vendored browser files", "", "Refreshed by `python scripts/vendor_assets.py`.", "",
            "| package | version | licence | files |", "|---|---|---|---|"]  # fmt: skip
    (out / "VENDORED.md").write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


def sprite(archive: tarfile.TarFile) -> str:
    """The icons we use as symbols of one hidden drawing."""
    symbols = []
    for name in ICONS:
        svg = archive.extractfile(f"package/icons/outline/{name}.svg").read().decode()
        body = svg[svg.index("<svg") :].split(">", 1)[1].rsplit("</svg>", 1)[0].strip()
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{" ".join(body.split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"


if __name__ == "__main__":
    main()
