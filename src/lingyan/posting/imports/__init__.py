"""Which sheets fill needs, pool and rounds? Checked rows become records through the actions."""

from lingyan.posting.imports import needs, people, ranked, settings

KINDS = (needs.KIND, people.KIND, ranked.WISHES_KIND, ranked.INTENTIONS_KIND, settings.KIND)

__all__ = ["KINDS"]
