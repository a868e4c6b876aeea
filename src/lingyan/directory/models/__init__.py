"""Which places, units, people, officers and relatives does the county have?"""

from lingyan.directory.models.organizations import OrganizationStep, PartyOrganization
from lingyan.directory.models.people import (
    KeyRotation,
    NotTheSame,
    Person,
    PersonMerge,
    Relative,
    Unit,
    VillageOfficer,
)
from lingyan.directory.models.places import (
    AdjoiningTowns,
    CalendarDay,
    Place,
    PlaceChange,
    PlaceEdition,
    PlaceSuccession,
)
from lingyan.directory.models.roles import RoleAssignment
from lingyan.directory.models.settings import CountySetting

__all__ = [
    "AdjoiningTowns",
    "CalendarDay",
    "CountySetting",
    "KeyRotation",
    "NotTheSame",
    "OrganizationStep",
    "PartyOrganization",
    "Person",
    "PersonMerge",
    "Place",
    "PlaceChange",
    "PlaceEdition",
    "PlaceSuccession",
    "Relative",
    "RoleAssignment",
    "Unit",
    "VillageOfficer",
]
