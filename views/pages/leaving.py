"""Somebody leaves: what is still his, handing it over in one go, and switching him off."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError, NotFound
from crmadmin.core.i18n import _
from crmadmin.services import bulk, handover, leaving
from models import Client, User
from views.base import me
from views.forms import stale
from views.handover_form import HandoverForm
from views.pages.bulk import to

SHOWN = 50  # plans and offers that are named, of each
STEPS = {"start", "tidy", "deactivate"}


class LeavingDoor:
    """For the screen of the people."""

    get_one: Any
    render: Any

    @expose("/<int:person_id>/leaving", methods=("GET", "POST"))
    def leaving(self, person_id: int) -> Any:
        person: User | None = self.get_one(str(person_id))
        if person is None:
            raise NotFound(_("There is no such person."))
        left = leaving.left_of(person)
        form = HandoverForm(me(), left.groups, but=person)
        step = request.form.get("step", "")
        told = stale() if request.method == "POST" else ""
        if request.method == "POST":
            form.read(request.form)
            if told:
                form.errors[""] = told
            try:
                if not told and (answer := self._act(step, person, form)):
                    return answer
            except DomainError as refusal:
                form.refused(refusal)
            left = leaving.left_of(person)
        page = self.render(
            "pages/people/leaving.html",
            person=person,
            left=left,
            heirs=leaving.heirs_of_plans(left.plans, person, by=me()),
            shown=SHOWN,
            asked=form,  # a form of Flask-Admin would be answered by another status
            preview=self._preview(form, person),
            here=request.path,
        )
        return (page, 422) if form.errors and (told or step in STEPS) else page

    def _act(self, step: str, person: User, form: HandoverForm) -> ResponseReturnValue | None:
        here = url_for("people.leaving", person_id=person.id)
        if step == "start" and not form.errors:
            with transaction(by=me()):
                acts = leaving.hand_over(
                    form.key, person, form.heirs, reason=form.reason, address=here, by=me()
                )
            if any(bulk.is_running(each) for each in acts):
                return to(acts, "handover.act")
            flash(_("Handed over."), "success")
            return redirect(here)
        if step == "tidy":
            with transaction(by=me()):
                leaving.tidy_up(person, by=me())
            return redirect(here)
        if step == "deactivate":
            with transaction(by=me()):
                leaving.deactivate(person, by=me())
            flash(_("%(name)s is deactivated: nothing is left behind.", name=person.name), "success")
            return redirect(here)
        return None

    def _preview(self, form: HandoverForm, person: User) -> handover.Preview | None:
        if not form.is_chosen:
            return None
        try:
            return handover.preview([Client.curator_id == person.id], form.heirs, by=me())
        except DomainError as refusal:
            form.refused(refusal)
            return None
