"""What people type, as an act keeps it: without what no database takes, and no longer than there is room."""

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _


def within(text: str, field: str, most: int) -> str:
    """The text without blanks around it; DomainError at its field where it is too long."""
    found = text.replace("\x00", "").strip()
    if len(found) > most:
        raise DomainError(_("Too long: at most %(num)d signs.", num=most), field=field)
    return found
