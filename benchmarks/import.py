"""How long do preview, commit and undo of a sheet of 10,000 people take, and how much memory?

    python benchmarks/import.py [--rows 10000]

Ten columns filled, rules applied, an audit entry sealed for every record, on SQLite in a folder
that vanishes. Aims: preview 2.5 s, commit 3 s, undo 3 s, 200 MB.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import tempfile
import time
from collections.abc import Callable
from typing import Any

SURNAMES = "李王赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许"
STEMS = "甲乙丙丁戊己庚辛壬癸"
DIGITS = "一二三四五六七八九十"


def person(number: int) -> dict[str, Any]:
    from datetime import date

    name = SURNAMES[number % 20] + STEMS[number // 20 % 10] + DIGITS[number // 200 % 10]
    return {
        "name": name,
        "number": f"N{number:06d}",
        "unit": f"县第{number % 100}单位",
        "gender": "male" if number % 2 else "female",
        "birth_on": date(1975 + number % 25, 1 + number % 12, 1 + number % 28),
        "political_status": "full_member",
        "party_joined_on": date(2012, 7, 1),
        "work_since": date(2005 + number % 10, 8, 1),
        "rank": "四级主任科员",
        "category": "reserve",
    }


def measured(name: str, act: Callable[[], Any]) -> Any:
    before = time.perf_counter()
    result = act()
    seconds = time.perf_counter() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:<28}{seconds:8.2f} s   peak {memory:6.0f} MB")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--kind", choices=("people", "units"), default="people")
    options = parser.parse_args()
    os.environ["LINGYAN_DATA"] = tempfile.mkdtemp(prefix="lingyan-benchmark-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lingyan.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    run(options.rows, options.kind)


def run(rows: int, kind: str) -> None:
    from lingyan.common.workbook import write_rows
    from lingyan.directory.models import Place, Unit
    from lingyan.platform.accounts.actor import Actor
    from lingyan.platform.exchange import actions, exporting
    from lingyan.platform.exchange.registry import KINDS

    actor = Actor.system("测量")
    county = Place.objects.create(
        path="0001", level="county", name="山阳县", short_name="山阳县", code="990100000000"
    )
    made = {
        "people": lambda: map(person, range(rows)),
        "units": lambda: ({"unit": f"第{number}号单位"} for number in range(rows)),
    }
    Unit.objects.bulk_create(
        Unit(name=f"县第{number}单位", category="county_dept", place=county)
        for number in range(100)
    )
    target = io.BytesIO()
    write_rows(target, KINDS[kind].sheet, made[kind]())
    data = target.getvalue()
    print(f"{rows} rows of {kind}, {len(data) / 1e6:.1f} MB")

    import_ = actions.upload_file(KINDS[kind], data, filename="测量.xlsx", option="", actor=actor)
    measured("preview (new)", lambda: actions.check_import(import_, actor=actor))
    import_.refresh_from_db()
    assert import_.new_count == rows, import_.notices
    measured("commit", lambda: actions.apply_import(import_, actor=actor))
    again = actions.upload_file(KINDS[kind], data, filename="再次.xlsx", option="", actor=actor)
    again = measured("preview (all the same)", lambda: actions.check_import(again, actor=actor))
    assert again.same_count == rows
    out = io.BytesIO()
    measured("export", lambda: exporting.export_records(KINDS[kind], out, option="", actor=actor))
    import_.refresh_from_db()
    measured("undo", lambda: actions.undo_import(import_, actor=actor))


if __name__ == "__main__":
    main()
