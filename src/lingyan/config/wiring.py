"""Which modules, background jobs and sheets make up the product? The one list."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from lingyan.config.navigation import ROUND_READERS
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import WorkItem

# What changed, where an entry names something that is no field of its record.
FIELD_TEXTS = {
    "about": "异议内容",
    "answers": "意愿",
    "matrix": "行业相关",
    "pair": "结对",
    "price": "代价",
    "plan": "方案",
    "units": "单位",
    "papers": "收回选票",
    "amount": "金额",
    "year": "年度",
    "asked": "条件",
    "changed_fields": "改动的内容",
    "columns": "列",
    "entries": "条数",
    "found": "结果",
    "device": "设备",
    "digest": "文件摘要",
    "file": "文件",
    "form": "导出形式",
    "intentions": "意向",
    "items": "条目",
    "json": "方案文件",
    "xlsx": "表格",
    "locked_until": "锁定至",
    "made_at": "备份时间",
    "merged": "并入的人员",
    "milestone": "节点",
    "people": "人员",
    "reached_on": "完成日期",
    "rows": "行数",
    "settings": "设置",
    "subject": "外部账号",
    "value_count": "加密值个数",
    "version": "程序版本",
    "villages": "村",
    "wishes": "志愿",
    "with_keys": "含密钥",
}


def _parts() -> tuple[ModuleType, ...]:
    """The panels of each part that may have something waiting; asked in this order."""
    from lingyan.briefings.panels import briefings, monthly
    from lingyan.directory import panels as directory
    from lingyan.organization.panels import committees, rect_work, rectification, term_changes
    from lingyan.organization.panels import reviews as secretaries
    from lingyan.pairing.panels import activities, assessments, invitations, ledgers, pairings
    from lingyan.pairing.panels import rounds as pair_rounds
    from lingyan.pairing.panels import year as pair_year
    from lingyan.platform.exchange import panels as exchange
    from lingyan.posting import panels as posting
    from lingyan.posting.panels import appraisal, liaison, life, recall, reports, support
    from lingyan.supervision.panels import tasks as supervised

    return (
        posting,
        life,
        reports,
        support,
        liaison,
        recall,
        appraisal,
        pair_rounds,
        pairings,
        activities,
        invitations,
        pair_year,
        ledgers,
        assessments,
        committees,
        rectification,
        term_changes,
        rect_work,
        secretaries,
        supervised,
        briefings,
        monthly,
        directory,
        exchange,
    )


def worklist_sources() -> tuple[Callable[[Actor], list[WorkItem]], ...]:
    """Each part's own `worklist`."""
    return tuple(part.worklist for part in _parts())


def worklist(actor: Actor) -> list[WorkItem]:
    """Everything that waits for this person, what is overdue first."""
    items = [item for source in worklist_sources() for item in source(actor)]
    return sorted(items, key=lambda item: (item.due_on is None, item.due_on or 0))


def under_way(actor: Actor) -> list[WorkItem]:
    """What goes on and may be looked at, though the next step is somebody else's."""
    from lingyan.posting import panels as posting

    return posting.under_way(actor) if actor.role in ROUND_READERS else []


def count_worklist(actor: Actor) -> int:
    """How many lines the worklist has, found without counting what waits."""
    return sum(part.count(actor) for part in _parts())


def connect() -> None:
    """Hand the platform what the modules offer; called once when Django is ready."""
    from lingyan.config import access, exchange, wall
    from lingyan.directory import queries
    from lingyan.directory.actions.idle_accounts import close_idle_account
    from lingyan.directory.rules import AUDIT_TEXTS as DIRECTORY_TEXTS
    from lingyan.platform.accounts import idle
    from lingyan.platform.accounts.traces import AUDIT_TEXTS as ACCOUNT_TEXTS
    from lingyan.platform.audit import reading, texts
    from lingyan.platform.audit.checking import check_history
    from lingyan.platform.jobs import registry
    from lingyan.platform.ui import panels
    from lingyan.posting.actions import plans, questions
    from lingyan.posting.actions.leave import begin_due_leave
    from lingyan.posting.panels import appraisal, burden, files, records
    from lingyan.posting.queries import diary, liaison, outside_records, presence, sign_ins
    from lingyan.posting.rules import appraisal as appraisal_rules
    from lingyan.posting.rules import diary as diary_rules
    from lingyan.posting.rules import help_requests as help_rules
    from lingyan.posting.rules import honors as honor_rules
    from lingyan.posting.rules import liaison as liaison_rules
    from lingyan.posting.rules import presence as presence_rules
    from lingyan.posting.rules import problems as problem_rules
    from lingyan.posting.rules import recall as recall_rules
    from lingyan.posting.rules import reports as report_rules
    from lingyan.posting.rules import support as support_rules
    from lingyan.posting.rules.audit_texts import AUDIT_TEXTS as POSTING_TEXTS
    from lingyan.posting.rules.words import CheckItem
    from lingyan_matching.warm import warm_up

    idle.CLOSE[:] = [close_idle_account]
    registry.WARM_UPS[:] = [warm_up]
    registry.ROUTINES[:] = [begin_due_leave]
    registry.ACTOR_OF[:] = [queries.find_actor]
    registry.KEY_OF[:] = [queries.actor_key]
    texts.TEXTS.update({**ACCOUNT_TEXTS, **DIRECTORY_TEXTS, **POSTING_TEXTS})
    for rules in (
        diary_rules,
        problem_rules,
        report_rules,
        liaison_rules,
        recall_rules,
        appraisal_rules,
        presence_rules,
        support_rules,
        help_rules,
        honor_rules,
    ):
        texts.TEXTS.update(rules.AUDIT_TEXTS)
    for facts in (
        diary.presence_facts,
        liaison.presence_facts,
        outside_records.presence_facts,
        sign_ins.presence_facts,
    ):
        if facts not in presence.FACT_SOURCES:
            presence.FACT_SOURCES.append(facts)
    texts.TEXTS.update(reading.AUDIT_TEXTS)
    texts.ROLES.update(dict(Role.choices()))
    texts.FIELDS.update({**FIELD_TEXTS, **dict(CheckItem.choices())})
    registry.KINDS.update(
        {
            "posting.compute": plans.compute_plans,
            "posting.stable_best": plans.compute_stable_best,
            "posting.price": questions.answer_question,
            "audit.check": check_history,
        }
    )
    for kind, source in (
        ("village", records.of_village),
        ("person", records.of_person),
        ("unit", records.of_unit),
        ("village", files.of_village),
        ("person", files.of_person),
        ("unit", files.of_unit),
        ("person", appraisal.of_person),
    ):
        if source not in panels.SOURCES[kind]:
            panels.SOURCES[kind].append(source)
    _connect_registers()
    _connect_pairing()
    _connect_checks()
    burden.LABEL_OF[:] = [access.page_label]
    exchange.connect()
    access.connect()
    wall.connect()


def _connect_settings() -> None:
    """What a county may set for itself, in the order of the page."""
    from lingyan.common import county_settings
    from lingyan.organization.rules import settings as of_organization
    from lingyan.posting.rules import appraisal as of_appraisal
    from lingyan.posting.rules import settings as of_matching
    from lingyan.posting.rules import support as of_posting
    from lingyan.supervision.rules import settings as of_supervision

    for settings in (
        of_matching.SETTINGS,
        of_posting.SETTINGS,
        of_appraisal.SETTINGS,
        of_organization.SETTINGS,
        of_supervision.SETTINGS,
    ):
        county_settings.register(settings)


def _connect_registers() -> None:
    """What can be read as at any day (时点查询), and what can be counted."""
    from lingyan.directory import as_at
    from lingyan.platform.ui import registers
    from lingyan.posting.panels import as_at as of_posting

    registers.REGISTERS[:] = [
        as_at.ORGANIZATIONS, as_at.POSTS, of_posting.POSTINGS, as_at.ROLES,
    ]  # fmt: skip
    _connect_settings()
    _connect_indicators()
    _connect_monthly()


def _connect_monthly() -> None:
    """What villages report each month, and what first secretaries have told of it already."""
    from lingyan.briefings import indicators
    from lingyan.briefings.actions.monthly_late import ask_about_late_reports
    from lingyan.briefings.facts_of_neighbours import MONTH_RECORDS
    from lingyan.briefings.panels import monthly as panels
    from lingyan.briefings.rules import briefings, monthly
    from lingyan.platform.audit import texts
    from lingyan.platform.indicators import registry
    from lingyan.platform.jobs.registry import DAILY
    from lingyan.platform.ui.panels import SOURCES
    from lingyan.posting import facts as of_posting

    if ask_about_late_reports not in DAILY:
        DAILY.append(ask_about_late_reports)
    texts.TEXTS.update({**briefings.AUDIT_TEXTS, **monthly.AUDIT_TEXTS})
    MONTH_RECORDS[:] = [of_posting.month_records]
    registry.register(indicators.INDICATORS)
    registry.DEFINED[:] = [indicators.defined]
    if panels.of_village not in SOURCES["village"]:
        SOURCES["village"].append(panels.of_village)


def _connect_pairing() -> None:
    from lingyan.pairing import facts as pairing_facts
    from lingyan.pairing import facts_of_neighbours as asked_by_pairing
    from lingyan.pairing.actions import plans
    from lingyan.pairing.panels import assessments as year
    from lingyan.pairing.panels import pair_page, records
    from lingyan.pairing.panels import year as acts
    from lingyan.pairing.rules import activities, assessments, invitations, pairings, rounds
    from lingyan.pairing.rules import year as year_rules
    from lingyan.platform.audit import texts
    from lingyan.platform.jobs import registry
    from lingyan.platform.ui import panels
    from lingyan.posting import facts as posting_facts
    from lingyan.posting import facts_of_neighbours as asked_by_posting

    asked_by_posting.PAIRED[:] = [pairing_facts.units_paired]
    asked_by_pairing.TYPES_OF_VILLAGES[:] = [posting_facts.village_types]
    asked_by_pairing.NEEDS_OF_VILLAGES[:] = [posting_facts.village_needs]
    registry.KINDS[plans.JOB] = plans.compute_plan
    for kind, source in (("village", records.of_village), ("unit", records.of_unit)):
        if source not in panels.SOURCES[kind]:
            panels.SOURCES[kind].append(source)
    for rules in (pairings, assessments, rounds, activities, invitations, year_rules):
        texts.TEXTS.update(rules.AUDIT_TEXTS)
    for section in (acts.of_pair, year.section):
        if section not in pair_page.SECTIONS:
            pair_page.SECTIONS.append(section)
    _connect_ledgers()
    _connect_supervision()
    _connect_rectification()
    _connect_term_changes()


def _connect_term_changes() -> None:
    from lingyan.organization.panels import term_changes as panels
    from lingyan.organization.rules import lookback, term_changes
    from lingyan.platform.audit import texts
    from lingyan.platform.ui.panels import SOURCES

    for rules in (lookback, term_changes):
        texts.TEXTS.update(rules.AUDIT_TEXTS)
    if panels.of_village not in SOURCES["village"]:
        SOURCES["village"].append(panels.of_village)


def _connect_supervision() -> None:
    """Tasks that nobody took go up; what gates hold, and what they ask of people by themselves."""
    from lingyan.directory.actions.departures import FOLLOW_UPS
    from lingyan.organization.panels import gates as of_organization
    from lingyan.organization.panels.departures import depending as leaders_and_candidates
    from lingyan.pairing.panels import gates as of_pairing
    from lingyan.pairing.panels.departures import depending as contacts_of_pairs
    from lingyan.platform.audit import texts
    from lingyan.platform.jobs import registry
    from lingyan.posting.actions.gates import ask_for_extensions, ask_to_verify_signals
    from lingyan.posting.panels import gates as of_posting
    from lingyan.posting.panels.departures import depending as postings_and_entries
    from lingyan.supervision.actions.closing import ask_to_close, close_ended_posts
    from lingyan.supervision.actions.tasks import (
        close_tasks,
        escalate_tasks,
        report_severe_tasks,
    )
    from lingyan.supervision.facts_of_neighbours import DEPENDING, HOLDINGS
    from lingyan.supervision.rules import interviews, overrides, tasks

    HOLDINGS.update(
        {
            "G-1": of_posting.bound,
            "G-2": of_organization.without_first_secretary,
            "G-3": of_pairing.bound,
            "G-18": of_posting.uninsured,
        }
    )
    DEPENDING[:] = [postings_and_entries, contacts_of_pairs, leaders_and_candidates]
    FOLLOW_UPS[:] = [ask_to_close]
    for rules in (tasks, interviews, overrides):
        texts.TEXTS.update(rules.AUDIT_TEXTS)
    for routine in (escalate_tasks, report_severe_tasks, close_ended_posts):
        if routine not in registry.ROUTINES:
            registry.ROUTINES.append(routine)
    for daily in (close_tasks, ask_for_extensions, ask_to_verify_signals):
        if daily not in registry.DAILY:
            registry.DAILY.append(daily)


def _connect_rectification() -> None:
    """Nobody leaves a village under rectification, and no unit of its 四个一 (G-1, G-3)."""
    from lingyan.organization import facts as of_organization
    from lingyan.organization import facts_of_neighbours as asked_by_organization
    from lingyan.organization.actions.screening import ask_about_signals
    from lingyan.organization.panels import rect_files
    from lingyan.organization.rules import rectification_steps, screening
    from lingyan.pairing import facts as of_pairing
    from lingyan.pairing import facts_of_neighbours as asked_by_pairing
    from lingyan.platform.audit import texts
    from lingyan.platform.jobs import registry
    from lingyan.platform.ui import panels
    from lingyan.posting import facts as of_posting
    from lingyan.posting import facts_of_neighbours as asked_by_posting
    from lingyan.posting.actions.urgent_needs import add_urgent_need

    for rules in (screening, rectification_steps):
        texts.TEXTS.update(rules.AUDIT_TEXTS)
    if ask_about_signals not in registry.DAILY:
        registry.DAILY.append(ask_about_signals)
    if rect_files.of_village not in panels.SOURCES["village"]:
        panels.SOURCES["village"].append(rect_files.of_village)
    asked_by_posting.BINDERS[:] = [of_organization.rectification_open]
    asked_by_posting.RECTIFIED[:] = [of_organization.villages_rectified]
    asked_by_posting.KNOWN[:] = [of_organization.known_of_village, of_pairing.known_of_village]
    asked_by_pairing.BINDERS[:] = [of_organization.serves_rectification]
    asked_by_organization.URGENT_NEEDS[:] = [add_urgent_need]
    asked_by_organization.FIRST_SECRETARIES[:] = [of_posting.first_secretaries]
    asked_by_organization.SIGNALS[:] = [of_posting.hints_of_weakness]
    asked_by_organization.SANCTIONED[:] = [of_posting.sanctioned]
    asked_by_organization.PAIRS[:] = [of_pairing.active_pairs]
    asked_by_organization.YEAR_FACTS[:] = [of_posting.year_facts, of_pairing.year_facts]
    asked_by_organization.PAIRING_YEARS[:] = [of_pairing.unit_years]
    _connect_rect_work()
    _connect_reviews()
    _connect_committees()


def _connect_committees() -> None:
    """Who holds which post, in which term, in which organization; who may follow them."""
    from lingyan.organization.panels import committees
    from lingyan.organization.rules import party_organizations, reserve, terms
    from lingyan.platform.audit import texts
    from lingyan.platform.ui import panels

    for rules in (terms, party_organizations, reserve):
        texts.TEXTS.update(rules.AUDIT_TEXTS)
    if committees.of_village not in panels.SOURCES["village"]:
        panels.SOURCES["village"].append(committees.of_village)


def _connect_reviews() -> None:
    """What secretaries are responsible for, and how their year was reviewed."""
    from lingyan.organization.rules import agency_targets, duty_lists, reviews
    from lingyan.platform.audit import texts

    for rules in (duty_lists, reviews, agency_targets):
        texts.TEXTS.update(rules.AUDIT_TEXTS)


def _connect_rect_work() -> None:
    """What the page of a case shows and offers from the start of the work on."""
    from lingyan.organization.actions.rect_visits import raise_missed_visits
    from lingyan.organization.panels import rect_page, rect_work
    from lingyan.organization.rules import acceptance, follow_up, rect_problems, visits
    from lingyan.platform.audit import texts
    from lingyan.platform.jobs import registry

    for rules in (acceptance, follow_up, rect_problems, visits):
        texts.TEXTS.update(rules.AUDIT_TEXTS)
    if raise_missed_visits not in registry.DAILY:
        registry.DAILY.append(raise_missed_visits)
    if rect_work.section not in rect_page.SECTIONS:
        rect_page.SECTIONS.append(rect_work.section)
    for act in rect_work.ACTS:
        rect_page.ACT_PAGES[act] = rect_work.PAGE
        rect_page.ACT_REASONS[act] = rect_work.reasons


def _connect_ledgers() -> None:
    """Sums and problems; what a first secretary found and a pair was told may be one thing."""
    from lingyan.pairing import facts as of_pairing
    from lingyan.pairing import facts_of_neighbours as asked_by_pairing
    from lingyan.pairing.panels import ledgers, pair_page
    from lingyan.pairing.rules import funds, pair_problems, sites
    from lingyan.platform.audit import texts
    from lingyan.platform.ui import panels
    from lingyan.posting import facts as of_posting
    from lingyan.posting import facts_of_neighbours as asked_by_posting

    asked_by_pairing.PROBLEMS_FOUND[:] = [of_posting.problems_found]
    asked_by_pairing.SOLVED_COUNTS[:] = [of_posting.count_solved]
    asked_by_posting.JOINED[:] = [of_pairing.joined_with]
    for rules in (funds, pair_problems, sites):
        texts.TEXTS.update(rules.AUDIT_TEXTS)
    if ledgers.of_pair not in pair_page.SECTIONS:
        pair_page.SECTIONS.append(ledgers.of_pair)
    for kind, source in (("village", ledgers.of_village), ("unit", ledgers.of_unit)):
        if source not in panels.SOURCES[kind]:
            panels.SOURCES[kind].append(source)


def _connect_checks() -> None:
    """Each module's table of checks, in the order of the page."""
    from lingyan.directory import checks as of_directory
    from lingyan.organization import checks as of_organization
    from lingyan.pairing import checks as of_pairing
    from lingyan.platform.audit import checks as of_audit
    from lingyan.platform.audit import texts
    from lingyan.platform.checks import actions, table
    from lingyan.platform.exchange import checks as of_exchange
    from lingyan.platform.jobs import registry
    from lingyan.posting import checks as of_posting
    from lingyan.supervision import checks as of_supervision

    table.AREAS[:] = [
        table.Area(title, checks)
        for title, checks in (
            ("名录", of_directory.CHECKS),
            ("精准选派", of_posting.CHECKS),
            ("组织联建", of_pairing.CHECKS),
            ("组织建设", of_organization.CHECKS),
            ("督查督办", of_supervision.CHECKS),
            ("表格导入导出", of_exchange.CHECKS),
            ("操作留痕", of_audit.CHECKS),
        )
    ]
    registry.KINDS[actions.JOB] = actions.run_checks
    texts.TEXTS.update(actions.AUDIT_TEXTS)


def _connect_indicators() -> None:
    """Each module's indicators, in the order of the pages."""
    from lingyan.organization import indicators as of_organization
    from lingyan.pairing import indicators as of_pairing
    from lingyan.platform.indicators import registry
    from lingyan.platform.indicators.definitions import Indicator
    from lingyan.posting import indicators as of_posting
    from lingyan.supervision import indicators as of_supervision

    parts: tuple[tuple[Indicator, ...], ...] = (
        of_posting.INDICATORS,
        of_pairing.INDICATORS,
        of_organization.INDICATORS,
        of_supervision.INDICATORS,
    )
    for indicators in parts:
        registry.register(indicators)
    _connect_alerts()


def _connect_alerts() -> None:
    """What may be past its time, in the order of the modules."""
    from lingyan.briefings.panels import alerts as of_briefings
    from lingyan.organization.panels import alerts as of_organization
    from lingyan.pairing.panels import alerts as of_pairing
    from lingyan.platform.ui import alerts
    from lingyan.posting.panels import alerts as of_posting
    from lingyan.supervision.panels import alerts as of_supervision

    for part in (of_posting, of_pairing, of_organization, of_supervision, of_briefings):
        alerts.register(part.ALERTS)
