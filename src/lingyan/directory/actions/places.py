"""How do places come into the register, with their paths and their codes' edition?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db import transaction

from lingyan.common.refusals import Refusal, Refused
from lingyan.directory.models import Place, PlaceEdition
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel, VillageKind, is_village_code, short_village_name
from lingyan.directory.scoping import PATH_DIGITS, path_end
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record_many

CHUNK = 500
MAY_MANAGE = (Role.COUNTY_ORG_ADMIN, "system")
# R-1-01: how many leading digits name a place of each level, and those of its parent.
DIGITS_OF_LEVEL = {
    PlaceLevel.PROVINCE: 2,
    PlaceLevel.PREFECTURE: 4,
    PlaceLevel.COUNTY: 6,
    PlaceLevel.TOWNSHIP: 9,
    PlaceLevel.VILLAGE: 12,
}


def level_of_code(code: str) -> PlaceLevel:
    """The level that a 12-digit code names: the shortest whose remaining digits are all zero."""
    for level, digits in DIGITS_OF_LEVEL.items():
        if set(code[digits:]) <= {"0"}:
            return level
    raise AssertionError("twelve digits always name a level")


def parent_code(code: str) -> str | None:
    """The code one level up, or None for a province."""
    levels = list(DIGITS_OF_LEVEL)
    place = levels.index(level_of_code(code))
    if place == 0:
        return None
    digits = DIGITS_OF_LEVEL[levels[place - 1]]
    return code[:digits].ljust(12, "0")


@transaction.atomic
def create_places(
    rows: Iterable[Mapping[str, Any]], *, edition: str, actor: Actor, is_demo: bool = False
) -> list[Place]:
    """Add places with `code`, `name` and perhaps a point, parents first.

    A parent may stand in the same list.
    A county whose prefecture is not kept stands at the top. Refused as a whole if a village or town
    lacks its parent (VAL-04) or a code stands twice in the edition.
    """
    if actor.role not in MAY_MANAGE:
        raise Refused([Refusal("directory.place.wrong_role", "只有县委组织部管理员可以维护区划")])
    known = {place.code: place for place in Place.objects.filter(code_edition=edition)}
    ordinals = _last_ordinals()
    taken = set(Place.objects.values_list("pk", flat=True))
    made: list[Place] = []
    refusals: list[Refusal] = []
    for row in sorted(rows, key=lambda row: row["code"]):
        code, level = row["code"], level_of_code(row["code"])
        parent = known.get(parent_code(code) or "")
        if code in known:
            refusals.append(Refusal("directory.place.code_twice", f"区划代码 {code} 已有"))
            continue
        if parent is None and level in {PlaceLevel.TOWNSHIP, PlaceLevel.VILLAGE}:
            refusals.append(Refusal("directory.place.no_parent", f"区划代码 {code} 缺少上级区划"))
            continue
        base = parent.path if parent else ""
        ordinals[base] += 1
        known[code] = Place(
            id=_place_id(code, edition, taken),
            path=base + str(ordinals[base]).zfill(PATH_DIGITS),
            level=level,
            parent=parent,
            name=row["name"],
            short_name=short_village_name(row["name"])
            if level == PlaceLevel.VILLAGE
            else row["name"],
            village_kind=_village_kind(code) if level == PlaceLevel.VILLAGE else "",
            code=code,
            code_edition=edition,
            latitude=row.get("latitude") or None,
            longitude=row.get("longitude") or None,
            is_demo=is_demo,
        )
        made.append(known[code])
    if refusals:
        raise Refused(refusals)
    Place.objects.bulk_create(made, batch_size=CHUNK)
    for start in range(0, len(made), CHUNK):
        record_many(
            [
                Trace("directory.place.created", place, {"name": place.name, "code": place.code})
                for place in made[start : start + CHUNK]
            ],
            actor=actor,
        )
    return made


def _place_id(code: str, edition: str, taken: set[UUID]) -> UUID:
    """The same list gives the same ids everywhere, so that plans of equal input are equal.

    The id stays what it is when the code changes; a code that is used again gets a fresh one.
    """
    place_id = uuid5(NAMESPACE_URL, f"lingyan:place:{edition}:{code}")
    return uuid4() if place_id in taken else place_id


def _last_ordinals() -> defaultdict[str, int]:
    """The last number given under each parent path, so that paths are never used twice."""
    found: defaultdict[str, int] = defaultdict(int)
    editions = PlaceEdition.objects.values_list("path", flat=True)
    for path in (*Place.objects.values_list("path", flat=True), *editions):
        base, ordinal = path[:-PATH_DIGITS], int(path[-PATH_DIGITS:])
        found[base] = max(found[base], ordinal)
    return found


def next_path(base: str, others: Iterable[Place] = ()) -> str:
    """A path under `base` that nobody has or ever had; `others` are changed but not yet stored."""
    length = len(base) + PATH_DIGITS
    below = {"path__gt": base, "path__lt": path_end(base)} if base else {}
    paths = [
        *Place.objects.filter(**below).values_list("path", flat=True),
        *PlaceEdition.objects.filter(**below).values_list("path", flat=True),
        *(place.path for place in others),
    ]
    given = [int(path[len(base) : length]) for path in paths if _lies_under(path, base)]
    return base + str(max(given, default=0) + 1).zfill(PATH_DIGITS)


def _lies_under(path: str, base: str) -> bool:
    return path.startswith(base) and len(path) > len(base)


def kind_of_code(code: str) -> str:
    """The kind of village that a code tells of; nothing where it is no village's."""
    return _village_kind(code) if is_village_code(code) else ""


def _village_kind(code: str) -> VillageKind:
    """R-1-01: digits 10 to 12 below 200 are a residents' committee. Count by code, not by name."""
    return VillageKind.COMMUNITY if int(code[9:]) < 200 else VillageKind.ADMIN_VILLAGE
