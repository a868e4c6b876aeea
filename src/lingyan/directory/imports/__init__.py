"""Which sheets fill the register? Checked rows become records through the ordinary actions."""

from lingyan.directory.imports import (
    accounts,
    geography,
    officers,
    place_changes,
    places,
    relatives,
    units,
)

KINDS = (
    accounts.KIND,
    places.KIND,
    place_changes.KIND,
    units.KIND,
    officers.KIND,
    relatives.KIND,
    geography.ADJOINING_KIND,
    geography.CALENDAR_KIND,
)

__all__ = ["KINDS"]
