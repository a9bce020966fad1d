"""What colleagues say among themselves about a client; whoever is mentioned is told."""

from sqlalchemy import select

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.rules.mentions import candidates
from crmadmin.services import notices
from models import Client, Comment, User
from models.kinds import NoticeKind

LONGEST = 4_000


def write(client: Client, *, text: str, by: User) -> Comment:
    """Keep what is said, and tell everybody it mentions by ``@login``."""
    if not allows(by.role, Permission.comments_write):
        raise NotAllowed(_("Writing comments is not yours to do."))
    said = text.replace("\x00", "").strip()
    if not said:
        raise DomainError(_("Say something."), field="text")
    if len(said) > LONGEST:
        raise DomainError(_("Too long: at most %(num)d signs.", num=LONGEST), field="text")
    comment = Comment(client=client, by=by, written_at=clock.now(), text=said, mentioned=_mentioned(said))
    db.add(comment)
    db.flush()
    notices.tell(
        comment.mentioned,
        NoticeKind.mentioned,
        f"comment-{comment.id}",
        by=by,
        client=client,
        subject="comment",
        subject_id=comment.id,
        data={"text": said[:200]},
    )
    return comment


def withdraw(comment: Comment, *, by: User) -> None:
    """Take back what one said: it stays in the journal, and is not shown any more, nor where it was told."""
    if comment.by_id != by.id and not allows(by.role, Permission.every_row):
        raise NotAllowed(_("Only whoever wrote a comment, the head and the admin take it back."))
    comment.withdrawn_at = comment.withdrawn_at or clock.now()
    notices.hush(comment.mentioned, NoticeKind.mentioned, f"comment-{comment.id}")


def _mentioned(text: str) -> list[User]:
    """Strangers and leavers are words like any other."""
    found = candidates(text)
    if not found:
        return []
    asked = select(User).where(User.login.in_(found), User.active).order_by(User.name, User.id)
    return list(db.scalars(asked))
