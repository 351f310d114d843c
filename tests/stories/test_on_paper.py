"""A list printed from the browser: across the sheet, names readable, nothing on it that only a screen can do."""

import re
from datetime import date

from rosterdesk import put

FIRM = "广水应山酿酒有限公司"


def test_a_list_on_paper(site, desk):
    row = {"注册号": "421381099000016", "企业名称": FIRM, "县（市、区）": "广水市", "成立日期": "2001-05-01"}
    put("登记.csv", row, day=date(2012, 3, 31))
    page = desk("guang")
    page.goto("/units/")
    assert page.locator(".tick, [data-tick-all]").count() > 1
    page.emulate_media(media="print")
    for gone in (".tick input", "[data-tick-all]", "main form[role=search]"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.get_by_role("columnheader").count() == page.locator("tbody tr").first.locator("th, td").count() - 1
    width, height = map(
        float, re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True)).groups()
    )
    assert width > height
