"""Which sheets fill needs, pool and rounds? Checked rows become records through the actions."""

from lingyan.posting.imports import needs, people, presence, ranked, settings, support

KINDS = (
    needs.KIND,
    people.KIND,
    ranked.WISHES_KIND,
    ranked.INTENTIONS_KIND,
    settings.KIND,
    *support.KINDS,
    presence.KIND,
)

__all__ = ["KINDS"]
