"""What colleagues say of a client, its files, its tasks; and what one is told. None of them runs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crmadmin.queries.reminders import is_wanted_in_program, last_tick
from models import Attachment, Client, ClientTask, Comment, Interaction, Notice, User

SHOWN = 20
NOTICES = 100


def comments_on(client: Client) -> Select[Comment]:
    """The newest first; what was taken back is not there."""
    asked = select(Comment).where(Comment.client_id == client.id, Comment.withdrawn_at.is_(None))
    return (
        asked.options(joinedload(Comment.by))
        .order_by(Comment.written_at.desc(), Comment.id.desc())
        .limit(SHOWN)
    )


def taken_back(comment_ids: Sequence[int]) -> Select[int]:
    """Which of these comments are not shown any more."""
    return select(Comment.id).where(Comment.id.in_(comment_ids), Comment.withdrawn_at.is_not(None))


def files_of(client: Client) -> Select[Attachment]:
    asked = select(Attachment).where(Attachment.client_id == client.id, Attachment.withdrawn_at.is_(None))
    newest = (Attachment.added_at.desc(), Attachment.id.desc())
    belongs = joinedload(Attachment.interaction).joinedload(Interaction.kind)
    return asked.options(joinedload(Attachment.by), belongs).order_by(*newest).limit(SHOWN)


def files_with(interaction_ids: Sequence[int]) -> Select[Attachment]:
    """What was kept with these interactions and not taken back, in the order it was added."""
    theirs = (Attachment.interaction_id.in_(interaction_ids), Attachment.withdrawn_at.is_(None))
    return select(Attachment).where(*theirs).order_by(Attachment.id)


def closed_tasks(client: Client) -> Select[ClientTask]:
    asked = select(ClientTask).where(ClientTask.client_id == client.id, ClientTask.closed_at.is_not(None))
    return asked.order_by(ClientTask.closed_at.desc(), ClientTask.id.desc()).limit(SHOWN)


def notices_of(person: User) -> Select[Notice]:
    """What he is told, unread first, then the newest."""
    asked = select(Notice).where(Notice.person_id == person.id, is_wanted_in_program(person))
    asked = asked.options(joinedload(Notice.client))
    newest = (Notice.read_at.is_not(None), Notice.at.desc(), Notice.id.desc())
    return asked.order_by(*newest).limit(NOTICES)


def bell_of(person: User, tick: str) -> Select[int, datetime | None]:
    """(how many he has not seen, when the last tick of the jobs was): what every page of the frame shows.

    Never more than a hundred are counted.
    """
    unread = (Notice.person_id == person.id, Notice.read_at.is_(None), is_wanted_in_program(person))
    waiting = select(Notice.id).where(*unread).limit(100).subquery()
    number = select(func.count()).select_from(waiting).scalar_subquery()
    return select(number, last_tick(tick))
