"""How fast are rosters read and typed, and in how much memory: made-up registration rosters, CSV and Excel.

Run `python benchmarks/intake.py [ROWS]`; one line per format: rows, rows/s by clock and by processor, peak memory in MB. Each format runs in a
process of its own, so that one's peak is not another's.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from dishu.engine.intake import read
from dishu.standards.ids import citizen_check, registration_check

TITLES = """注册号 企业名称 行业代码 县（市、区） 乡镇（街道） 经营地址 法定代表人 法定代表人身份证号 联系电话 成立日期
从业人员 资产总额（万元） 营业收入（万元） 法定代表人是否党员 摸底情况"""
HEADER = TITLES.split()
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明"


def roster(rows: int) -> Iterator[list[str]]:
    """Rows of a registration roster: as many different names, numbers and addresses as in life."""
    for n in range(rows):
        body = f"421302{n % 4_000_000:08d}"
        person = f"99000019{50 + n % 45:02d}{1 + n % 12:02d}{1 + n % 28:02d}{n % 1000:03d}"
        day = (f"20{n % 8:02d}-{1 + n % 12:02d}-{1 + n % 28:02d}", f"20{n % 8:02d}年{1 + n % 12}月{1 + n % 28}日")
        yield [
            body + registration_check(body),
            f"随州市{SURNAMES[n % 10]}{GIVEN[n // 10 % 16]}第{n}号商贸有限公司",
            f"C{13 + n % 30}",
            "曾都区",
            f"第{n % 40}街道",
            f"解放路{n % 9000}号{n % 7}楼",
            SURNAMES[n % 10] + GIVEN[n // 7 % 16] + GIVEN[n // 3 % 16],
            person + citizen_check(person),
            f"194{n % 100_000_000:08d}",
            day[n % 2],
            str(n % 300),
            f"{n % 5000 / 10}",
            f"{n % 90000}",
            "是" if n % 9 == 0 else "否",
            ("已摸清", "不清", "")[n % 3],
        ]


def write(path: Path, rows: int) -> None:
    """Write the roster as the name of the file says."""
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([HEADER, *roster(rows)])
        return
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("名册")
        for at, row in enumerate([HEADER, *roster(rows)]):
            sheet.write_row(at, 0, row)


def measure(path: Path) -> dict[str, object]:
    """Read one file: rows, seconds by clock and processor, rows per second, peak memory of this process in MB."""
    began, busy = time.perf_counter(), time.process_time()
    taken = read(path)
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    rows = sum(roster.rows for roster in taken.rosters)
    good = sum(roster.table.num_rows for roster in taken.rosters)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    speed = {"seconds": round(seconds, 2), "rows_per_second": round(rows / seconds)}
    # On a shared machine the seconds of the processor say more than those of the clock.
    speed |= {"cpu_seconds": round(cpu, 2), "rows_per_cpu_second": round(rows / cpu), "peak_mb": peak}
    return {"benchmark": f"intake {path.suffix}", "rows": rows, "good": good, "columns": len(HEADER), **speed}


def _environment() -> dict[str, str]:
    """The same, with this checkout on the path also where it is not installed."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def run(rows: int) -> list[dict[str, object]]:
    """Measure both formats with `rows` rows each."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".csv", ".xlsx"):
            path = Path(folder) / f"企业登记名册{suffix}"
            write(path, rows)
            command = [sys.executable, __file__, "--measure", str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=_environment())
            results.append(json.loads(done.stdout))
    return results


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        asked = [int(word) for word in sys.argv[1:] if word.isdigit()]
        for result in run(asked[0] if asked else 100_000):
            print(json.dumps(result, ensure_ascii=False))
