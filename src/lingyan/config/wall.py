"""Which tables are walled by row-level security, and how does each row say whose it is?"""

from __future__ import annotations

from django.db import connection

from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import PATH_DIGITS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.wall import policies, reach
from lingyan.platform.wall.policies import (
    ACCOUNT,
    PERSON,
    REGISTER,
    UNITS,
    any_of,
    at_place,
    of_row,
    within,
)

OF_PERSON = of_row("person_id", "directory_person")
OF_ROUND = of_row("round_id", "posting_round")
COMPUTED_HERE = any_of(
    *(
        f"id IN (SELECT computation_job_id FROM {table} "  # noqa: S608 - our own names
        f"WHERE {at_place('county_id', 'near')})"
        for table in ("posting_round", "pairing_pairround")
    )
)
OF_POSTING = of_row("posting_id", "posting_posting")
OF_ENTRY = of_row("entry_id", "posting_appraisalentry")
OF_DIARY = of_row("entry_id", "posting_diaryentry")
OF_PAIR_ROUND = of_row("round_id", "pairing_pairround")
OF_PAIRING = of_row("pairing_id", "pairing_pairing")
OF_ACTIVITY = of_row("activity_id", "pairing_pairactivity")
OF_CHANGE = of_row("change_id", "organization_termchange")
OF_RECT = of_row("case_id", "organization_rectificationcase")
OF_INSPECTION = of_row("inspection_id", "organization_rectinspection")


def of_either(first: str, second: str, table: str) -> str:
    """A row that stands between two others: whoever sees one of them sees it."""
    return any_of(of_row(first, table), of_row(second, table))


# Walled at home (the county): what the people of one county must know of one another, such as the
# villages that a candidate chooses among. Walled near (one's own scope): everything else.
WALLED = {
    "directory_place": any_of(REGISTER, within("path", "home")),
    "directory_unit": any_of(REGISTER, at_place("place_id", "home"), f"id = ANY ({UNITS})"),
    "directory_person": any_of(
        REGISTER,
        at_place("place_id", "home"),
        f"unit_id = ANY ({UNITS})",
        f"id = {PERSON}",
    ),
    "directory_villageofficer": any_of(at_place("village_id", "home"), f"person_id = {PERSON}"),
    "directory_relative": OF_PERSON,
    "directory_personmerge": of_either("kept_id", "dropped_id", "directory_person"),
    "directory_notthesame": of_either("first_id", "second_id", "directory_person"),
    "directory_adjoiningtowns": of_either("first_id", "second_id", "directory_place"),
    "directory_placechange": any_of(REGISTER, within("path", "home")),
    # Also by its path: one that a place of this county once had is never given again.
    "directory_placeedition": any_of(of_row("place_id", "directory_place"), within("path", "home")),
    "directory_placesuccession": of_either("predecessor_id", "successor_id", "directory_place"),
    "directory_roleassignment": any_of(
        REGISTER,
        f"user_id = {ACCOUNT}",
        at_place("place_id", "near"),
        f"unit_id = ANY ({UNITS})",
    ),
    "directory_countysetting": at_place("county_id", "home"),
    "directory_partyorganization": any_of(at_place("place_id", "home"), f"unit_id = ANY ({UNITS})"),
    "directory_organizationstep": of_row("organization_id", "directory_partyorganization"),
    "organization_term": at_place("village_id", "home"),
    "organization_villagereserve": at_place("village_id", "near"),
    "organization_termchange": at_place("village_id", "home"),
    "organization_termchangestep": OF_CHANGE,
    "organization_electioncandidate": OF_CHANGE,
    "organization_electionmeeting": OF_CHANGE,
    "organization_votecount": of_row("meeting_id", "organization_electionmeeting"),
    "organization_lookbackcheck": OF_CHANGE,
    "organization_jointreview": at_place("village_id", "home"),
    # What a department wrote of somebody stays with it and with those above the village.
    "organization_reviewanswer": any_of(at_place("village_id", "near"), f"unit_id = ANY ({UNITS})"),
    "organization_reviewseat": at_place("county_id", "home"),
    "organization_dutylist": any_of(at_place("place_id", "home"), f"unit_id = ANY ({UNITS})"),
    "organization_dutyitem": of_row("duty_list_id", "organization_dutylist"),
    "organization_reviewround": at_place("place_id", "home"),
    "organization_secretaryreview": any_of(
        at_place("place_id", "home"), f"unit_id = ANY ({UNITS})"
    ),
    "organization_reviewproblem": of_row("result_id", "organization_secretaryreview"),
    "organization_agencytarget": of_row("unit_id", "directory_unit"),
    "organization_rectscreening": at_place("village_id", "near"),
    "organization_rectificationcase": at_place("village_id", "home"),
    "organization_rectsituation": OF_RECT,
    "organization_rectconsultation": OF_RECT,
    "organization_rectsupport": OF_RECT,
    "organization_rectproblem": OF_RECT,
    "organization_rectstep": OF_RECT,
    "organization_leadervisit": OF_RECT,
    "organization_rectcheckup": OF_RECT,
    "organization_rectreport": OF_RECT,
    "organization_rectfollowup": OF_RECT,
    "organization_rectinspection": OF_RECT,
    "organization_rectinspector": OF_INSPECTION,
    "organization_satisfactionvote": OF_INSPECTION,
    "organization_rectballotcode": of_row("vote_id", "organization_satisfactionvote"),
    "supervision_supervisiontask": any_of(
        at_place("place_id", "home"), f"unit_id = ANY ({UNITS})", f"person_id = {PERSON}"
    ),
    "supervision_taskphoto": of_row("task_id", "supervision_supervisiontask"),
    "supervision_interview": any_of(
        at_place("place_id", "near"),
        f"interviewer_id = {ACCOUNT}",
        f"person_id IN (SELECT id FROM directory_person WHERE user_id = {ACCOUNT})",  # noqa: S608 - our own names
    ),
    "supervision_gateoverride": at_place("place_id", "home"),
    "posting_healthcheck": at_place("village_id", "near"),
    "posting_healthcheckitem": of_row("health_check_id", "posting_healthcheck"),
    "posting_needlist": at_place("village_id", "home"),
    "posting_needitem": of_row("need_list_id", "posting_needlist"),
    "posting_poolentry": OF_PERSON,
    "posting_capabilityevidence": OF_PERSON,
    "posting_round": at_place("county_id", "home"),
    "posting_roundvillage": OF_ROUND,
    "posting_roundperson": OF_ROUND,
    "posting_plan": OF_ROUND,
    "posting_adjustment": OF_ROUND,
    "posting_objection": OF_ROUND,
    "posting_noticeobjection": OF_ROUND,
    "posting_wish": of_row("round_person_id", "posting_roundperson"),
    "posting_intention": of_row("round_village_id", "posting_roundvillage"),
    "posting_draft": of_row("plan_id", "posting_plan"),
    "posting_planquestion": of_row("plan_id", "posting_plan"),
    "posting_posting": any_of(
        at_place("village_id", "home"), f"unit_id = ANY ({UNITS})", f"person_id = {PERSON}"
    ),
    "posting_postingstep": OF_POSTING,
    "posting_leaverequest": OF_POSTING,
    "posting_monthpresence": OF_POSTING,
    "posting_absence": OF_POSTING,
    "posting_diaryentry": OF_POSTING,
    "posting_diaryversion": OF_DIARY,
    "posting_diaryreceipt": OF_DIARY,
    "posting_diaryconflict": OF_DIARY,
    "posting_diaryphoto": OF_DIARY,
    "posting_problem": OF_POSTING,
    "posting_recallcase": OF_POSTING,
    "posting_recallstep": of_row("case_id", "posting_recallcase"),
    "posting_replacement": OF_POSTING,
    "posting_replacementnominee": OF_POSTING,
    "posting_helprequest": OF_POSTING,
    "posting_honor": OF_POSTING,
    "posting_careeruse": OF_POSTING,
    "posting_insurancepolicy": OF_POSTING,
    "posting_supportrecord": OF_POSTING,
    "posting_paymentlist": at_place("county_id", "home"),
    "posting_paymentline": OF_POSTING,
    "posting_paymentcorrection": of_row("line_id", "posting_paymentline"),
    "posting_signin": OF_POSTING,
    "posting_workfundbudget": OF_POSTING,
    "posting_workfundentry": of_row("budget_id", "posting_workfundbudget"),
    "posting_dutyreport": OF_POSTING,
    "posting_liaison": any_of(at_place("town_id", "home"), OF_POSTING),
    "posting_visit": OF_POSTING,
    "posting_outsiderecord": OF_POSTING,
    "posting_formuse": within("county_path", "home"),
    "posting_appraisalscheme": at_place("county_id", "home"),
    "posting_appraisalcycle": at_place("county_id", "home"),
    "posting_appraisalentry": OF_POSTING,
    "posting_appraisalscore": OF_ENTRY,
    "posting_appraisalappeal": OF_ENTRY,
    "posting_ballotbox": at_place("village_id", "near"),
    "posting_ballotcode": of_row("box_id", "posting_ballotbox"),
    "pairing_pairing": any_of(at_place("village_id", "home"), f"unit_id = ANY ({UNITS})"),
    "pairing_pairingstep": OF_PAIRING,
    "pairing_pairround": at_place("county_id", "home"),
    "pairing_pairroundunit": OF_PAIR_ROUND,
    "pairing_pairroundvillage": OF_PAIR_ROUND,
    "pairing_pairanswer": of_row("round_unit_id", "pairing_pairroundunit"),
    "pairing_pairfix": OF_PAIR_ROUND,
    "pairing_pairplan": OF_PAIR_ROUND,
    "pairing_pairdraft": of_row("plan_id", "pairing_pairplan"),
    "pairing_pairadjustment": OF_PAIR_ROUND,
    "pairing_pairfund": at_place("village_id", "home"),
    "pairing_pairfundentry": of_row("fund_id", "pairing_pairfund"),
    "pairing_fundclaim": at_place("village_id", "home"),
    "pairing_pairproblem": at_place("village_id", "home"),
    "pairing_problemclaim": at_place("village_id", "home"),
    "pairing_demosite": at_place("county_id", "home"),
    "pairing_demosite_pairings": of_row("demosite_id", "pairing_demosite"),
    "pairing_pairactivity": at_place("county_id", "home"),
    "pairing_pairinvitation": any_of(OF_ACTIVITY, of_row("fund_id", "pairing_pairfund")),
    "pairing_pairactivity_pairings": of_row("pairactivity_id", "pairing_pairactivity"),
    "pairing_activityparticipant": OF_ACTIVITY,
    "pairing_activityversion": OF_ACTIVITY,
    "pairing_activityphoto": OF_ACTIVITY,
    "pairing_activitycheck": OF_ACTIVITY,
    "pairing_activitysample": at_place("place_id", "home"),
    "pairing_activitysample_activities": of_row("activitysample_id", "pairing_activitysample"),
    "pairing_pairdeed": at_place("county_id", "home"),
    "pairing_pairdeed_pairings": of_row("pairdeed_id", "pairing_pairdeed"),
    "pairing_deedconfirmation": of_row("deed_id", "pairing_pairdeed"),
    "pairing_deedversion": of_row("deed_id", "pairing_pairdeed"),
    "pairing_meetingversion": of_row("meeting_id", "pairing_pairmeeting"),
    "pairing_pairmeeting": at_place("county_id", "home"),
    "pairing_pairmeeting_pairings": of_row("pairmeeting_id", "pairing_pairmeeting"),
    "pairing_pairproject": at_place("county_id", "home"),
    "pairing_pairproject_pairings": of_row("pairproject_id", "pairing_pairproject"),
    "pairing_projectmilestone": of_row("project_id", "pairing_pairproject"),
    "pairing_pairyouth": OF_PAIRING,
    "pairing_pairassessment": OF_PAIRING,
    "pairing_pairpath": OF_PAIRING,
    "pairing_pairyearplan": OF_PAIRING,
    # Figures of a county are told whole; of the records behind them everybody sees the own.
    "briefings_briefing": at_place("county_id", "home"),
    "briefings_briefingedition": of_row("briefing_id", "briefings_briefing"),
    "briefings_briefingfigure": of_row("briefing_id", "briefings_briefing"),
    "briefings_briefingtemplate": at_place("county_id", "home"),
    "briefings_templateedition": of_row("template_id", "briefings_briefingtemplate"),
    "briefings_monthlyform": at_place("county_id", "home"),
    "briefings_monthlyitem": of_row("form_id", "briefings_monthlyform"),
    "briefings_monthlyperiod": at_place("county_id", "home"),
    "briefings_monthlyreport": at_place("village_id", "home"),
    "briefings_monthlyanswer": at_place("village_id", "home"),
    "exchange_import": any_of(within("scope_path", "near"), f"created_by_id = {ACCOUNT}"),
    "exchange_checkedrow": of_row("of_id", "exchange_import"),
    "exchange_importedrow": of_row("of_id", "exchange_import"),
    "exchange_export": any_of(within("scope_path", "near"), f"created_by_id = {ACCOUNT}"),
    "exchange_clearing": within("scope_path", "near"),
    "exchange_exportrequest": any_of(within("scope_path", "near"), f"asked_by_id = {ACCOUNT}"),
    "checks_checkrun": any_of(REGISTER, within("scope_path", "near")),
    # A colleague sees that a round is being computed, whoever has started it.
    "jobs_job": any_of(f"created_by_id = {ACCOUNT}", COMPUTED_HERE),
    "audit_auditentry": any_of(
        REGISTER,
        within("place_path", "home"),
        f"place_path = '' AND {ACCOUNT} IS NOT NULL",
        f"actor_user_id = {ACCOUNT}",
    ),
    "audit_furthersubject": of_row("entry_number", "audit_auditentry", key="number"),
    "api_apitoken": any_of(REGISTER, f"user_id = {ACCOUNT}"),
    "api_keptanswer": of_row("token_id", "api_apitoken"),
}
# Everybody leaves traces; who may read them is another question.
ADDED_TO = ("audit_auditentry", "audit_furthersubject")
# Of the installation or of nobody: days, the head of the chain, accounts without their roles.
OPEN_APPS = {
    "accounts", "account", "mfa", "socialaccount", "usersessions", "auth", "contenttypes",
    "sessions", "django_tasks_db", "django_tasks_database",
}  # fmt: skip
OPEN = {
    "audit_chainhead",
    "audit_dailyanchor",
    "directory_calendarday",
    "directory_keyrotation",
    "django_migrations",
}
STANDING = (
    "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity "
    "AND relnamespace = 'public'::regnamespace"
)


def connect() -> None:
    """Tell the wall where an actor is at home, and who keeps the register of the installation."""
    reach.HOME_OF[:] = [home_of]
    reach.REGISTER_ROLES.update({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})


def home_of(actor: Actor) -> tuple[str, ...]:
    """The counties in which the scope lies; of what lies above a county, that place itself."""
    paths = set(actor.scope.place_paths)
    if actor.scope.unit_ids:
        units = Unit.objects.filter(pk__in=actor.scope.unit_ids)
        paths |= set(units.values_list("place__path", flat=True))
    if actor.scope.person_id:
        people = Person.objects.filter(pk=actor.scope.person_id)
        paths |= set(people.values_list("place__path", flat=True))
    above = {path[:end] for path in paths for end in range(PATH_DIGITS, len(path) + 1, PATH_DIGITS)}
    counties = Place.objects.filter(path__in=above, level=PlaceLevel.COUNTY)
    found = list(counties.values_list("path", flat=True))
    outside = [path for path in paths if not any(path.startswith(one) for one in found)]
    return tuple(sorted({*found, *outside}))


def obey() -> None:
    """Make the database as the setting says; called after every migration and every restore."""
    if reach.is_on():
        install()
    elif connection.vendor == "postgresql" and standing():
        remove()


def standing() -> set[str]:
    """The tables that PostgreSQL walls at this moment, against their owner as well."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        return {name for (name,) in cursor.fetchall()}


def passes() -> bool:
    """Whether the role under which statements run is held back by no policy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [policies.ROLE]
        )
        found = cursor.fetchone()
    return found is None or bool(found[0])


def install() -> None:
    """Put up role, rights and policies."""
    with reach.reaching(reach.OWNER):
        policies.run(policies.statements(WALLED, ADDED_TO))


def remove() -> None:
    """Take the policies down; the role stays, without use."""
    with reach.reaching(reach.OWNER):
        policies.run(policies.removal(WALLED))
