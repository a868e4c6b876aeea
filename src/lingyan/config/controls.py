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


def _count(code: str, text: str, table: str, where: str = "") -> Control:
    """How many rows there are, or how many of them are so."""
    return Control(code, text, f"select count(*) from {table}{where and f' where {where}'}")  # noqa: S608 - our own words


def _sum(code: str, text: str, table: str, *columns: str) -> Control:
    """What these columns of all rows come to."""
    total = " + ".join(f"coalesce(sum({column}), 0)" for column in columns)
    return Control(code, text, f"select {total} from {table}")  # noqa: S608 - our own words


CONTROLS: tuple[Control, ...] = (
    _count("migrations", "数据库迁移", "django_migrations"),
    _count("users", "账号", "accounts_user"),
    _count("active_users", "启用的账号", "accounts_user", "is_active"),
    _count("assignments", "身份授权", "directory_roleassignment"),
    _count("places", "区划", "directory_place"),
    _count("villages", "村", "directory_place", "level = 'village'"),
    _count("units", "单位", "directory_unit"),
    _count("people", "人员", "directory_person"),
    _count(
        "identity_numbers", "有身份证号的人员", "directory_person", "id_number_cipher is not null"
    ),
    _sum(
        "cipher_bytes", "加密内容字节数", "directory_person",
        "length(id_number_cipher)", "length(phone_cipher)",
    ),
    _count("officers", "村干部任职", "directory_villageofficer"),
    _count("relatives", "近亲属关系", "directory_relative"),
    _count("need_lists", "需求清单", "posting_needlist"),
    _count("health_checks", "村情体检", "posting_healthcheck"),
    _count("pool_entries", "储备人选", "posting_poolentry"),
    _count("rounds", "选派批次", "posting_round"),
    _count("plans", "方案", "posting_plan"),
    _count("drafts", "方案中的人选", "posting_draft"),
    _count("postings", "派驻", "posting_posting"),
    _count("imports", "导入的表格", "exchange_import"),
    _sum("import_bytes", "导入文件字节数", "exchange_import", "size_bytes"),
    _count("jobs", "后台作业", "jobs_job"),
    _count("entries", "操作留痕", "audit_auditentry"),
    _count("readings", "其中查阅", "audit_auditentry", "is_reading"),
    _count("further", "留痕涉及的记录", "audit_furthersubject"),
    _count("days", "每日封存", "audit_dailyanchor"),
    _sum("day_counts", "每日封存的条数", "audit_dailyanchor", "day_count"),
    Control("head_number", "链头序号", "select last_number from audit_chainhead where id = 1"),
    Control("head_hash", "链头摘要", "select last_hash from audit_chainhead where id = 1"),
    Control(
        "newest_entry",
        "最新一条留痕的摘要",
        "select entry_hash from audit_auditentry order by number desc limit 1",
    ),
)  # fmt: skip


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
