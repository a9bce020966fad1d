"""What is kept beside a client's interactions: its task, what colleagues say, files."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Response, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotAllowed, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.services import comments, files, tasks
from crmadmin.services.meanwhile import hold
from models import Attachment, Client, ClientTask, Comment
from models.kinds import TaskState
from views import card_talk, uploads
from views.base import Page, me
from views.forms import must_be_ours, once_only
from views.of_client import of_visible_client, visible_client
from views.uploads import store


class TalkPage(Page):
    """Small forms of the card; each leads back to it, and keeps what was typed where it is refused."""

    see = Permission.clients_see

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return redirect(url_for("clients.index_view"))

    @expose("/clients/<int:client_id>")
    def client(self, client_id: int) -> ResponseReturnValue:
        """All of it on a page of its own."""
        return self._page(visible_client(client_id))

    @expose("/clients/<int:client_id>/comments", methods=("POST",))
    def comment(self, client_id: int) -> ResponseReturnValue:
        client = visible_client(client_id)
        return self._done(client, "comments", lambda: comments.write(client, text=_typed("text"), by=me()))

    @expose("/comments/<int:id>/withdraw", methods=("POST",))
    def withdraw_comment(self, id: int) -> ResponseReturnValue:
        row = of_visible_client(Comment, id)
        return self._done(row.client, "comments", lambda: comments.withdraw(row, by=me()))

    @expose("/clients/<int:client_id>/files", methods=("POST",))
    def add_file(self, client_id: int) -> ResponseReturnValue:
        client = visible_client(client_id)
        return self._done(client, "files", lambda: _add_files(client))

    @expose("/files/<int:id>")
    def file(self, id: int) -> ResponseReturnValue:
        """Always as a download, never drawn by the browser: it came from outside."""
        row = of_visible_client(Attachment, id)
        if row.withdrawn_at is not None:
            raise NotFound(_("This file has been taken back."))
        answer: Response = send_file(
            BytesIO(files.content_of(row, store())),
            mimetype=row.media_type,
            as_attachment=True,
            download_name=row.name,
            max_age=0,
        )
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    @expose("/files/<int:id>/withdraw", methods=("POST",))
    def withdraw_file(self, id: int) -> ResponseReturnValue:
        row = of_visible_client(Attachment, id)
        return self._done(row.client, "files", lambda: files.withdraw(row, by=me()))

    @expose("/clients/<int:client_id>/task", methods=("POST",))
    def begin_task(self, client_id: int) -> ResponseReturnValue:
        client = visible_client(client_id)
        return self._done(client, "task", lambda: tasks.begin(client, problem=_typed("problem"), by=me()))

    @expose("/tasks/<int:id>", methods=("POST",))
    def change_task(self, id: int) -> ResponseReturnValue:
        """Its words, or its end: ``act`` says which."""
        task = of_visible_client(ClientTask, id)
        return self._done(task.client, "task", lambda: _change(task))

    # How each ends

    def _done(self, client: Client, part: str, act: Callable[[], Any]) -> ResponseReturnValue:
        there = url_for("clients.card", client_id=client.id, _anchor=part)

        try:
            must_be_ours()
            with transaction(by=me()):
                once_only(act, *uploads.marks())
        except NotAllowed:
            raise
        except DomainError as refusal:
            return self._page(visible_client(client.id), refused={part: refusal}), 422
        return redirect(there)

    def _page(self, client: Client, refused: dict[str, DomainError] | None = None) -> str:
        return self.render(
            "pages/client/talk.html",
            client=client,
            task=card_talk.task(client, me()),
            comments=card_talk.comments(client, me()),
            files=card_talk.files(client, me()),
            refused=refused or {},
            typed=request.form,
        )


def _add_files(client: Client) -> None:
    uploads.check()
    if not uploads.keep(client):
        raise DomainError(_("Choose a file."), field=uploads.FIELD)


def _typed(name: str) -> str:
    return request.form.get(name, "")


def _change(task: ClientTask) -> None:
    act, seen = _typed("act"), request.form.get("seen")
    hold(task)
    if act in {TaskState.accepted, TaskState.dropped}:
        tasks.close(task, state=TaskState(act), outcome=_typed("outcome"), seen=seen, by=me())
        flash(_("The task is closed."), "success")
    else:
        tasks.reword(task, problem=_typed("problem"), solution=_typed("solution"), seen=seen, by=me())
