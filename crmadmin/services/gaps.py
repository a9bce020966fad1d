"""Nobody gets clients who is away, or is to be, while nobody acts for him: no one would answer for them."""

from sqlalchemy.orm import Session

from crmadmin.core import clock
from crmadmin.core.i18n import _, local
from crmadmin.queries.absences import leaving_a_gap
from models import Absence, User


def told_of(session: Session, person: User) -> str:
    """Why he can have no clients now; blank where he can. A colleague's absence needs no substitute."""
    with session.no_autoflush:
        found = session.scalar(leaving_a_gap(clock.now()).where(Absence.person_id == person.id).limit(1))
    if found is None:
        return ""
    days = {"start": f"{local(found.starts_at):%d.%m.%Y}", "end": f"{local(found.ends_at):%d.%m.%Y}"}
    return _(
        "%(name)s is away from %(start)s, back on %(end)s, and nobody acts meanwhile: name somebody first.",
        name=person.name,
        **days,
    )
