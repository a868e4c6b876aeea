"""Take the three pictures of an import for the README from a running demo.

    .venv/bin/python scripts/import_pictures.py http://127.0.0.1:8000 officer PASSWORD docs/images

Needs chromium. The import is taken back at the end, so the demo is as before.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from playwright.sync_api import Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
HEADINGS = ("姓名", "单位", "性别", "出生日期", "参加工作日期", "人选类别")
UNITS = ("县财政局", "县农业农村局")
GOOD = [
    ("林乙五", UNITS[0], "男", "1988年3月6日", "2011.8.1", "后备力量"),
    ("何丙六", UNITS[1], "女", "1990/5/12", "2013-07-01", "后备力量"),
    ("高丁七", UNITS[0], "男", "1986-11-21", "2009-09-01", "后备力量"),
]
WRONG = [
    ("林乙五", UNITS[0], "男", "1988年3月6日", "2011.8.1", "后备力量"),
    ("何丙六", "县农业农村厅", "女", "1990/15/12", "2013-07-01", "后备力量"),
    ("高丁七", UNITS[0], "男", "1986-11-21", "1979-09-01", "骨干"),
]


def main(base: str, user: str, password: str, folder: str) -> None:
    browser_path = next(path for name in CHROMIUM if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        page.goto(f"{base}/sign-in/")
        page.fill("input[name=username]", user)
        page.fill("input[name=password]", password)
        page.click("main button")
        take(page, base, Path(folder))
        browser.close()


def take(page: Page, base: str, folder: Path) -> None:
    send(page, base, WRONG)
    page.screenshot(path=folder / "import-wrong.png")
    send(page, base, [*GOOD, (*somebody_in_reserve(page, base), None, None, None, "优秀年轻干部")])
    page.click(".tile:has-text('变更')")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=folder / "import-preview.png")
    page.click("text=确认导入")
    page.wait_for_selector("text=撤销这次导入", timeout=60_000)
    page.click("text=撤销这次导入")
    part: Any = {"x": 0, "y": 0, "width": 1280, "height": 420}
    page.screenshot(path=folder / "import-undo.png", clip=part)
    page.click("main button:has-text('撤销这次导入')")
    page.wait_for_selector("text=重新检查", timeout=60_000)


def somebody_in_reserve(page: Page, base: str) -> tuple[str, str]:
    """Name and unit of somebody of the demo's pool whose category the file changes."""
    page.goto(f"{base}/posting/pool/?category=reserve")
    row = page.locator("tbody tr").first
    return row.locator("td").first.inner_text(), row.locator("[data-l=单位]").inner_text()


def send(page: Page, base: str, rows: list[tuple[Any, ...]]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "人选"
    for row in (HEADINGS, *rows):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    page.goto(f"{base}/exchange/upload/people/")
    kind = "application/octet-stream"
    page.set_input_files(
        "input[type=file]",
        {
            "name": "县直人选.xlsx",
            "mimeType": kind,
            "buffer": target.getvalue(),
        },
    )
    page.click("main button:has-text('上传并检查')")


if __name__ == "__main__":
    main(*sys.argv[1:])
