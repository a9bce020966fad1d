"""The numbers a department has agreed on."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.services import department
from views.base import Page, me
from views.forms import must_be_ours


class RulesPage(Page):
    see = Permission.rules_change

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """Each number with what it is for; one is changed at a time."""
        typed, errors = dict[str, str](), dict[str, str]()
        if request.method == "POST":
            code, value = request.form.get("code", ""), request.form.get("value", "")
            try:
                must_be_ours("value")
                with transaction(by=me()):
                    changed = department.change(code, value, by=me())
            except DomainError as refusal:
                if refusal.field is None:
                    raise
                typed[code], errors[code] = value, str(refusal)
            else:
                flash(_("The rule is changed.") if changed else _("It is so already."), "success")
                return redirect(url_for("rules.index"))
        alarms = {code: rule for code, rule in department.RULES.items() if code in department.OF_ALARMS}
        others = {code: rule for code, rule in department.RULES.items() if code not in alarms}
        shown = {
            "others": others,
            "alarms": alarms,
            "values": department.values(),
            "typed": typed,
            "errors": errors,
        }
        page = self.render("pages/rules/page.html", **shown)
        return (page, 422) if errors else page
