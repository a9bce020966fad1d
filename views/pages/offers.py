"""A client offered to somebody: by its curator; accepted or declined by the head."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.queries import choices
from crmadmin.queries import handover as asked
from crmadmin.services import offers
from models import Client, HandoverOffer, User
from models.kinds import OfferState
from views.admin.filters import row_id
from views.base import me
from views.fields import plain_text
from views.forms import once_only, only_ours, stale
from views.guards import is_local

LONGEST = 500


class OfferDoors:
    """For the page of handing over."""

    render: Any

    @expose("/offer", methods=("GET", "POST"))
    def offer(self) -> Any:
        client = _client(request.args.get("client", ""))
        if client is None:
            if request.method == "POST":
                only_ours()
            return redirect(url_for("handover.index"))
        if request.method == "POST":
            if told := stale():
                return self._offer_page(client, {"": told})
            try:
                self._offered(client)
            except DomainError as refusal:
                return self._offer_page(client, {part.field or "": str(part) for part in refusal.parts})
            flash(_("Offered: the head decides."), "success")
            return redirect(url_for("clients.card", client_id=client.id))
        return self._offer_page(client, {})

    def _offered(self, client: Client) -> None:
        to, reason = _person(request.form.get("to", "")), _text("reason")
        with transaction(by=me()):
            once_only(lambda: offers.offer(client, to, reason=reason, by=me()))

    def _offer_page(self, client: Client, errors: dict[str, str]) -> Any:
        page = self.render(
            "pages/handover/offer.html",
            client=client,
            may_offer=offers.may_offer(client, me()),
            waiting=db.scalar(asked.offer_of(client)),
            people=[each for each in db.scalars(choices.curators(me())) if each.id != me().id],
            errors=errors,
            typed=request.form,
        )
        return (page, 422) if errors else page

    @expose("/offers/<int:offer_id>/decide", methods=("POST",))
    def decide(self, offer_id: int) -> Any:
        accept = request.form.get("verdict") == "accept"
        row = offers.known(offer_id)
        if told := stale():
            return self._asked_again(row, told)
        try:
            with transaction(by=me()):
                once_only(lambda: offers.decide(row, accept=accept, answer=_text("answer"), by=me()))
        except DomainError as refusal:
            if refusal.status != 422:
                raise
            return self._asked_again(offers.known(offer_id), str(refusal))
        flash(_("Agreed: the client is handed over.") if accept else _("Declined."), "success")
        return _back()

    def _asked_again(self, row: HandoverOffer, told: str) -> Any:
        """With the word that was typed, while there is something to decide."""
        if row.state is OfferState.offered and row.from_id == row.client.curator_id:
            return self._offer_page(row.client, {"": told})
        flash(told, "error")
        return _back()

    @expose("/offers/<int:offer_id>/withdraw", methods=("POST",))
    def withdraw(self, offer_id: int) -> ResponseReturnValue:
        only_ours()
        try:
            with transaction(by=me()):
                once_only(lambda: offers.withdraw(offers.known(offer_id), by=me()))
        except DomainError as refusal:
            if refusal.status != 422:
                raise
            flash(str(refusal), "error")
        else:
            flash(_("The offer is withdrawn."), "success")
        return _back()


def _back() -> ResponseReturnValue:
    where = request.form.get("next", "")
    return redirect(where if is_local(where) else url_for("handover.index"))


def _text(name: str) -> str:
    return str(plain_text(request.form.get(name, "")))[:LONGEST]


def _client(text: str) -> Client | None:
    try:
        return db.get(Client, row_id(text))
    except ValueError:
        return None


def _person(text: str) -> User | None:
    try:
        return db.get(User, row_id(text))
    except ValueError:
        return None
