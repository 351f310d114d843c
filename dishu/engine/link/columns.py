"""Bring any roster's columns to the ones the matching knows, whatever they are called in Chinese."""

from typing import Literal

import pyarrow as pa

Kind = Literal["person", "unit"]
PERSON = ("rec_id", "source", "name", "sex", "id_no", "birth", "phone", "employer", "address")
UNIT = ("rec_id", "source", "name", "unit_code", "address", "owner", "owner_id", "phone", "place")
PAIRS = pa.schema(
    [
        ("left_id", pa.string()),
        ("right_id", pa.string()),
        ("weight", pa.float64()),
        ("probability", pa.float64()),
        ("decision", pa.string()),
        ("reasons", pa.string()),
    ]
)

_PERSON_WORDS = {
    "rec_id": "编号 序号 记录号",
    "source": "来源 来源名册",
    "name": "姓名 党员姓名 法定代表人 法定代表人姓名 经营者 经营者姓名 负责人 业主",
    "sex": "性别",
    "id_no": "身份证号 身份证号码 公民身份号码 身份证 法定代表人身份证号 经营者身份证号 证件号码 citizen_id owner_id",
    "birth": "出生日期 出生年月 出生年月日 生日",
    "phone": "手机号码 手机号 手机 电话 联系电话 联系方式 法定代表人电话 经营者电话 owner_phone",
    "employer": "工作单位 单位 单位名称 企业名称 字号名称 经营户字号 所在单位",
    "address": "家庭住址 住址 地址 经营地址 联系地址 现住址 居住地址",
}
_UNIT_WORDS = {
    "rec_id": "编号 序号 记录号",
    "source": "来源 来源名册",
    "name": "企业名称 单位名称 字号名称 名称 经营户字号 字号 工作单位",
    "unit_code": "统一社会信用代码 注册号 单位代码 统一社会信用代码/注册号 信用代码 营业执照号 credit_code",
    "address": "经营地址 地址 住所 经营场所 注册地址",
    "owner": "法定代表人 经营者 负责人 业主 法人代表",
    "owner_id": "法定代表人身份证号 经营者身份证号 身份证号",
    "phone": "法定代表人电话 经营者电话 电话 手机号码 联系电话 owner_phone",
    "place": "县(市、区) 县（市、区） 县市区 区县 所在县 所在地 county",
}


def standard_columns(table: pa.Table, kind: Kind = "person", *, prefix: str = "") -> pa.Table:
    """The columns the matching knows, all text, found by their identifier or a Chinese title; the others are left out.

    A column that is missing is empty; without `rec_id` rows are numbered from 1, with `prefix` before the number.
    Raises ValueError when there is no name column.

    >>> table = standard_columns(pa.table({"姓名": ["王伟"], "备注": ["x"]}), prefix="L")
    >>> table.select(["rec_id", "name", "phone"]).to_pylist()
    [{'rec_id': 'L1', 'name': '王伟', 'phone': None}]
    """
    words = _PERSON_WORDS if kind == "person" else _UNIT_WORDS
    found = {name: _find(table, name, words[name].split()) for name in words}
    if found["name"] is None:
        raise ValueError(f"没有姓名或名称列；现有的列：{'、'.join(table.column_names)}")
    if found["rec_id"] is None:
        found["rec_id"] = pa.array([f"{prefix}{number}" for number in range(1, table.num_rows + 1)])
    empty = pa.nulls(table.num_rows, pa.string())
    return pa.table({name: empty if column is None else column.cast(pa.string()) for name, column in found.items()})


def _find(table: pa.Table, name: str, titles: list[str]) -> pa.ChunkedArray | None:
    by_title = {title.strip().strip("*").replace(" ", ""): title for title in table.column_names}
    for title in (name, *titles):
        if title in by_title:
            return table.column(by_title[title])
    return None
