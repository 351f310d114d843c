"""Files that are no good get a clear word at once; text files are read whatever their encoding and separator."""

import io
import struct
import zipfile

import pytest
import xlwt

from dishu.engine import intake
from dishu.engine.intake import FileRefused, Limits

ROWS = [["姓名", "党员类别", "工作单位"], ["张三", "正式党员", "甲,乙"], ["李四", "预备党员", "丙"]]
NAMES = ["张三", "李四"]


def refusal(path, **limits):
    with pytest.raises(FileRefused) as caught:
        intake.read(path, limits=Limits(**limits))
    assert caught.value.text and caught.value.mend and path.name in str(caught.value)
    return caught.value.code


def written(path, content):
    path.write_bytes(content)
    return path


def zipped(path, parts, change=None):
    """A zip file of these parts; `change` may alter its bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written(path, change(out.getvalue()) if change else out.getvalue())


def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def old_book():
    out = io.BytesIO()
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    for at, row in enumerate(ROWS * 50):
        for place, cell in enumerate(row):
            sheet.write(at, place, cell)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encodings_and_separators(text_file, encoding, separator):
    (roster,) = intake.read(text_file(ROWS, encoding=encoding, separator=separator)).rosters
    assert roster.table["name"].to_pylist() == NAMES
    assert roster.table["employer"].to_pylist() == ["甲,乙", "丙"]


@pytest.mark.parametrize("name", ["名册.txt", "名册.xls", "名册"])
def test_the_content_decides_not_the_name(text_file, name):
    assert intake.read(text_file(ROWS, name=name, separator="\t")).rosters[0].table["name"].to_pylist() == NAMES


def test_a_cell_may_hold_line_breaks_and_rows_may_be_short(tmp_path):
    path = written(
        tmp_path / "名册.csv", '姓名,党员类别,工作单位\r\n张三,正式党员,"甲\r\n乙"\r\n\r\n李四,预备党员'.encode()
    )
    (roster,) = intake.read(path).rosters
    assert roster.table["employer"].to_pylist() == ["甲乙", None]
    assert roster.table["source_row"].to_pylist() == [2, 4]


def test_a_broken_character_refuses_its_row_only(tmp_path):
    lines = "姓名,党员类别\n" + "".join(f"张三{'甲乙丙丁'[n % 4]},正式党员\n" for n in range(40))
    path = written(tmp_path / "名册.csv", lines.encode() + "李".encode()[:2] + ",正式党员\n".encode())
    (roster,) = intake.read(path).rosters
    assert roster.refused["source_row"].to_pylist()[-1] == 42
    assert "garbled_text" in roster.problems["code"].to_pylist()


@pytest.mark.parametrize("content", [b"", b" \n\n\t\n", b"\xef\xbb\xbf"])
def test_empty_files(tmp_path, content):
    assert refusal(written(tmp_path / "空.csv", content)) == "file_empty"


def test_an_empty_workbook(book_file):
    assert refusal(book_file({"空": []})) == "file_empty"


def test_no_header(text_file):
    assert refusal(text_file([["今天", "天气", "很好"], ["1", "2", "3"]])) == "file_no_header"


def test_a_required_column_missing(text_file):
    path = text_file([["姓名", "身份证号", "入党时间", "转正时间"], ["张三", "", "", ""]])
    assert refusal(path) == "column_missing"


def test_only_a_header_is_a_roster_without_rows(text_file):
    taken = intake.read(text_file(ROWS[:1]))
    assert taken.rosters[0].rows == 0 and [note.code for note in taken.notes] == ["sheet_no_rows"]


def test_encrypted_new_workbook(tmp_path):
    content = bytearray(old_book())
    at = content.index("Workbook".encode("utf-16-le"))
    content[at : at + 32] = "EncryptedPackage".encode("utf-16-le")
    assert refusal(written(tmp_path / "密.xlsx", content)) == "file_password"


def test_encrypted_old_workbook(tmp_path):
    content = bytearray(old_book())
    at = content.index(struct.pack("<HH", 0x0809, 16)) + 20  # the record after the first
    struct.pack_into("<H", content, at, 0x2F)  # FILEPASS
    assert refusal(written(tmp_path / "密.xls", content)) == "file_password"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_truncated_workbooks(tmp_path, book_file, share):
    new = book_file({"名册": ROWS}).read_bytes()
    assert refusal(written(tmp_path / "半.xlsx", new[: int(len(new) * share)])) == "file_truncated"
    old = old_book()
    assert refusal(written(tmp_path / "半.xls", old[: int(len(old) * share)])) == "file_truncated"


def test_text_that_ends_within_quotes_is_truncated(tmp_path):
    path = written(tmp_path / "半.csv", '姓名,党员类别\n张三,正式党员\n李四,"预备'.encode())
    assert refusal(path) == "file_truncated"


def test_a_quotation_mark_never_closed_does_not_swallow_the_file(tmp_path):
    path = written(tmp_path / "引号.csv", ('姓名,党员类别\n张三,"正式党员\n' + "李四,正式党员\n" * 20_000).encode())
    assert refusal(path) == "file_unreadable"


@pytest.mark.parametrize(("start", "size"), [(b"PK\x03\x04", 200), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 200)])
def test_a_file_of_200_mb_is_not_opened(tmp_path, start, size):
    path = tmp_path / "大.xlsx"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size * 1024 * 1024)
    assert refusal(path) == "file_too_large"


def test_large_text_has_its_own_limit(text_file):
    path = text_file(ROWS)
    assert refusal(path, text_bytes=10) == "file_too_large"
    assert intake.read(path, limits=Limits(excel_bytes=10)).rosters


def test_a_bomb_by_its_ratio_is_not_unpacked(tmp_path, book_file):
    parts = parts_of(book_file({"名册": ROWS})) | {"xl/media/零.bin": bytes(80 * 1024 * 1024)}
    assert refusal(zipped(tmp_path / "弹.xlsx", parts)) == "zip_bomb"


def test_a_bomb_by_its_size(book_file):
    assert refusal(book_file({"名册": ROWS}), unpacked_bytes=1000) == "zip_bomb"


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_a_bomb_that_lies_about_its_size(tmp_path, book_file, part):
    parts = parts_of(book_file({"名册": ROWS}))
    true_size = struct.pack("<I", len(parts[part]))

    def lie(content):
        assert content.count(true_size) == 2  # once before the part, once in the directory
        return content.replace(true_size, struct.pack("<I", 10))

    assert refusal(zipped(tmp_path / "谎.xlsx", parts, lie)) == "zip_bomb"


def test_a_few_far_off_cells_are_a_bomb_too(book_file):
    path = book_file({"名册": ROWS}, lambda book: book["名册"].__setitem__("XFD1048576", "远"))
    assert refusal(path) == "zip_bomb"


def test_nested_archives_stay_closed(tmp_path):
    inner = zipped(tmp_path / "内.zip", {"零": bytes(1000)}).read_bytes()
    assert refusal(zipped(tmp_path / "外.xlsx", {"内.zip": inner})) == "file_type"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n",
        b"<html><table><tr><td>1</td></tr></table></html>",
        b'\xef\xbb\xbf<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>',
        b"Rar!\x1a\x07",
        b"\x00\x01\x02\x03",
    ],
)
def test_other_kinds_of_files(tmp_path, content):
    assert refusal(written(tmp_path / "名册.xls", content)) == "file_type"


def test_a_word_document(tmp_path):
    assert refusal(zipped(tmp_path / "名册.xlsx", {"word/document.xml": b"<w/>"})) == "file_type"


def test_a_table_of_contents_with_a_document_type_is_not_parsed(tmp_path, book_file):
    parts = parts_of(book_file({"名册": ROWS}))
    parts["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts["xl/workbook.xml"]
    assert refusal(zipped(tmp_path / "实体.xlsx", parts)) == "file_unreadable"


def test_raw_gives_any_table_under_its_own_titles(text_file, book_file):
    table = intake.raw(text_file([["rec_id", "", "x"], ["1", "a", " 张 三"], [], ["2"]], separator="\t"))
    assert table.to_pylist() == [{"rec_id": "1", "x": " 张 三", "_row": 2}, {"rec_id": "2", "x": None, "_row": 4}]
    table = intake.raw(book_file({"空": [], "名册": [["随州市党员花名册"], *ROWS]}))
    assert table.column_names == [*ROWS[0], "_row"] and table["_row"].to_pylist() == [3, 4]
