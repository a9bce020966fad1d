"""What may be done with many clients at once, from their list: each act leads to a page of its own."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import redirect, request
from flask_admin import actions
from werkzeug.datastructures import MultiDict

from crmadmin.services import bulk_parameters
from models.kinds import BulkKind
from views.base import me
from views.labels import LABELS

PREFIX = "bulk_"

_action: Any = actions.action  # its hints know no text that is translated when it is shown


def _leading_to(kind: BulkKind) -> Callable[[Any, Sequence[str]], Any]:
    @_action(PREFIX + kind, LABELS[kind])
    def lead(self: "ClientActs", ids: Sequence[str]) -> Any:
        return redirect(self.act_address(kind, ids))

    return lead


class ClientActs:
    """For the screen of the clients. ``all`` of the form: every client found, not the ticked ones alone."""

    lead_to_group = _leading_to(BulkKind.group)
    lead_to_curator = _leading_to(BulkKind.curator)
    lead_to_tag = _leading_to(BulkKind.tag)
    lead_to_untag = _leading_to(BulkKind.untag)
    lead_to_channel = _leading_to(BulkKind.channel)
    lead_to_plan = _leading_to(BulkKind.plan)
    lead_to_archive = _leading_to(BulkKind.archive)
    lead_to_restore = _leading_to(BulkKind.restore)

    acts_on_all = True

    get_url: Callable[..., str]
    read_address: Callable[..., Any]
    which_rows: Callable[..., str]

    def act_address(self, kind: BulkKind, ids: Sequence[str]) -> str:
        said = self.read_address(MultiDict(parse_qsl(urlsplit(request.form.get("url", "")).query)))
        which = {"all": 1} if request.form.get("all") == "1" else {"ids": ",".join(ids)}
        if kind is BulkKind.curator:  # by group, with plans and briefs: a page of its own
            return self.get_url("handover.new", list=self.which_rows(said) or None, **which)
        return self.get_url("bulk.new", act=kind.value, list=self.which_rows(said) or None, **which)

    def is_action_allowed(self, name: str) -> bool:
        kind = name.removeprefix(PREFIX)
        return (
            name.startswith(PREFIX)
            and kind in bulk_parameters.CHOSEN
            and bulk_parameters.may(BulkKind(kind), me())
        )

    def get_actions_list(self) -> tuple[list[Any], dict[Any, Any]]:
        """In the order of ``BulkKind``: Flask-Admin knows them by the alphabet."""
        allowed = [kind for kind in bulk_parameters.CHOSEN if self.is_action_allowed(PREFIX + kind)]
        return [(PREFIX + kind, str(LABELS[kind])) for kind in allowed], {}
