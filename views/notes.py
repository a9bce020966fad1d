"""Sentences that more than one screen says."""

from crmadmin.core.i18n import _


def newest_only() -> str:
    """What a search of interactions leaves out."""
    return _("Only the newest records with these words are shown. Add a word to find older ones.")
