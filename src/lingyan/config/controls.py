"""Which totals must be the same after a restore or an upgrade? Asked by plain SQL of any alias.

Plain SQL rather than models: a backup of an older version is counted before its tables change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import DatabaseError, connections, transaction

MISSING = "—"


@dataclass(frozen=True, slots=True)
class Control:
    """One total: its code, what it counts in words, and how it is asked for."""

    code: str
    text: str
    sql: str


CONTROLS: tuple[Control, ...] = (
    Control("migrations", "数据库迁移", "select count(*) from django_migrations"),
    Control("users", "账号", "select count(*) from accounts_user"),
    Control("active_users", "启用的账号", "select count(*) from accounts_user where is_active"),
    Control("assignments", "身份授权", "select count(*) from directory_roleassignment"),
    Control("places", "区划", "select count(*) from directory_place"),
    Control("villages", "村", "select count(*) from directory_place where level = 'village'"),
    Control("units", "单位", "select count(*) from directory_unit"),
    Control("people", "人员", "select count(*) from directory_person"),
    Control(
        "identity_numbers",
        "有身份证号的人员",
        "select count(*) from directory_person where id_number_cipher is not null",
    ),
    Control(
        "cipher_bytes",
        "加密内容字节数",
        "select coalesce(sum(length(id_number_cipher)), 0) + coalesce(sum(length(phone_cipher)), 0)"
        " from directory_person",
    ),
    Control("officers", "村干部任职", "select count(*) from directory_villageofficer"),
    Control("relatives", "近亲属关系", "select count(*) from directory_relative"),
    Control("need_lists", "需求清单", "select count(*) from posting_needlist"),
    Control("health_checks", "村情体检", "select count(*) from posting_healthcheck"),
    Control("pool_entries", "储备人选", "select count(*) from posting_poolentry"),
    Control("rounds", "选派批次", "select count(*) from posting_round"),
    Control("plans", "方案", "select count(*) from posting_plan"),
    Control("drafts", "方案中的人选", "select count(*) from posting_draft"),
    Control("postings", "派驻", "select count(*) from posting_posting"),
    Control("imports", "导入的表格", "select count(*) from exchange_import"),
    Control(
        "import_bytes", "导入文件字节数", "select coalesce(sum(size_bytes), 0) from exchange_import"
    ),
    Control("jobs", "后台作业", "select count(*) from jobs_job"),
    Control("entries", "操作留痕", "select count(*) from audit_auditentry"),
    Control("readings", "其中查阅", "select count(*) from audit_auditentry where is_reading"),
    Control("further", "留痕涉及的记录", "select count(*) from audit_furthersubject"),
    Control("days", "每日封存", "select count(*) from audit_dailyanchor"),
    Control(
        "day_counts", "每日封存的条数", "select coalesce(sum(day_count), 0) from audit_dailyanchor"
    ),
    Control("head_number", "链头序号", "select last_number from audit_chainhead where id = 1"),
    Control("head_hash", "链头摘要", "select last_hash from audit_chainhead where id = 1"),
    Control(
        "newest_entry",
        "最新一条留痕的摘要",
        "select entry_hash from audit_auditentry order by number desc limit 1",
    ),
)


def control_totals(using: str = "default") -> dict[str, str]:
    """Every control by its code; a dash where the tables of an older version cannot answer."""
    return {one.code: _answer(one.sql, using) for one in CONTROLS}


def row_counts(using: str = "default") -> dict[str, int]:
    """How many rows each table has."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        counts = {}
        for table in tables:
            cursor.execute(f"select count(*) from {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own tables
            counts[table] = int(cursor.fetchone()[0])
    return counts


def applied_migrations(using: str = "default") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with connections[using].cursor() as cursor:
        cursor.execute("select app, name from django_migrations order by app, name")
        for app, name in cursor.fetchall():
            found.setdefault(app, []).append(name)
    return found


def differing(expected: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """The codes whose totals differ, among those that both versions know."""
    return [code for code, value in expected.items() if code in found and found[code] != value]


def _answer(sql: str, using: str) -> str:
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone()
    except DatabaseError:
        return MISSING
    return MISSING if row is None or row[0] is None else str(row[0])
