"""The rules of groups: seen by whoever sells; written, tried and applied by the head and the admin."""

import secrets
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import DomainError, NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices, grouping
from crmadmin.services import bulk, grouping_rules, grouping_run, once
from crmadmin.services.grouping_trial import trial
from models import ClientGroup, GroupRule
from models.kinds import Axis
from views import grouping_words as words
from views.base import Page, me
from views.forms import only_ours
from views.grouping_form import PointsForm, RuleForm
from views.pages.bulk import to


class GroupRulesPage(Page):
    """What decides, in the order in which it does, and what the axes are made of."""

    see = Permission.group_rules_see

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        points = db.scalars(grouping.every_point()).all()
        return self.render(
            "pages/group_rules/index.html",
            rules=db.scalars(grouping.every_rule()).all(),
            numbers=dict(db.execute(grouping.put_by_rules()).all()),
            axes={axis: [each for each in points if each.axis is axis] for axis in Axis},
            offered=words.Choices(),
            sentence=words.sentence,
        )


class GroupRuleEditPage(Page):
    see = Permission.group_rules_change
    model = GroupRule

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """A new rule."""
        return self._edited(None)

    @expose("/<int:rule_id>", methods=("GET", "POST"))
    def edit(self, rule_id: int) -> Any:
        return self._edited(_found(rule_id))

    def _edited(self, rule: GroupRule | None) -> Any:
        form = RuleForm(rule)
        saves = False
        if request.method == "POST":
            only_ours()
            form.read(request.form)
            step = request.form.get("step", "save")
            saves = step == "save"
            form.step(step)
            if saves and (answer := self._saved(form, rule)):
                return answer
        page = self.render(
            "pages/group_rules/edit.html",
            form=form,
            rule=rule,
            groups=[(row.id, row.name) for row in db.scalars(choices.in_use(ClientGroup)(me()))],
            facts=words.facts_for(of_points=False),
            key=request.form.get("key") or secrets.token_urlsafe(24),
        )
        return (page, 422) if saves else page

    def _saved(self, form: RuleForm, rule: GroupRule | None) -> ResponseReturnValue | None:
        """Back to the rules; None, with the errors in the form, where it could not be saved."""
        wanted = form.wanted()
        if wanted is None:
            return None
        try:
            with transaction(by=me()):
                if rule is not None:
                    changed = grouping_rules.change(rule, wanted, seen=form.seen, by=me())
                    said = _("The rule is changed.") if changed else _("It is so already.")
                else:
                    self._add(wanted)
                    said = _("The rule is kept. It decides nothing until you switch it on.")
        except DomainError as refusal:
            form.errors |= {part.field or "": str(part) for part in refusal.parts}
            if rule is not None and "version" in form.errors:
                form.version = str(rule.version)
            return None
        flash(said, "success")
        return redirect(url_for("group_rules.index"))

    def _add(self, wanted: grouping_rules.Wanted) -> None:
        key = once.key_of(request.form.get("key", ""), [("rule", repr(wanted))], by=me())
        if once.claim(key, by=me()):
            return
        rule = grouping_rules.add(wanted, by=me())
        once.made(key, url_for(".edit", rule_id=rule.id))

    @expose("/<int:rule_id>/place", methods=("POST",))
    def place(self, rule_id: int) -> ResponseReturnValue:
        """One place up or down; on or off."""
        only_ours()
        rule, word = _found(rule_id), request.form.get("word")
        with transaction(by=me()):
            if word in {"up", "down"}:
                grouping_rules.move(rule, word == "up", by=me())
            elif word in {"on", "off"}:
                grouping_rules.switch(rule, word == "on", by=me())
        return redirect(url_for("group_rules.index", _anchor=f"rule-{rule.id}"))

    @expose("/points", methods=("GET", "POST"))
    def points(self) -> Any:
        """What the two axes are made of."""
        form = PointsForm(list(db.scalars(grouping.every_point())))
        saves = False
        if request.method == "POST":
            only_ours()
            form.read(request.form)
            saves = request.form.get("step", "save") == "save"
            form.step(request.form.get("step", ""))
            if saves and (answer := self._points_saved(form)):
                return answer
        facts = words.facts_for(of_points=True)
        page = self.render("pages/group_rules/points.html", form=form, facts=facts)
        return (page, 422) if saves else page

    def _points_saved(self, form: PointsForm) -> ResponseReturnValue | None:
        wanted = form.wanted()
        if wanted is None:
            return None
        try:
            with transaction(by=me()):
                changed = grouping_rules.set_points(wanted, seen=form.mark, by=me())
        except DomainError as refusal:
            form.errors[""] = str(refusal)
            form.mark = grouping_rules.points_mark(db.scalars(grouping.every_point()).all())
            return None
        flash(_("The points are changed.") if changed else _("It is so already."), "success")
        return redirect(url_for("group_rules.index"))

    @expose("/trial")
    def trial(self) -> ResponseReturnValue:
        """What the rules would do, and the button that does it. Nothing is changed by looking."""
        return self.render(
            "pages/group_rules/trial.html",
            trial=trial(),
            offered=words.Choices(),
            key=secrets.token_urlsafe(24),
            title=words.title,
            value_words=words.value_words,
        )

    @expose("/run", methods=("POST",))
    def run(self) -> ResponseReturnValue:
        """A small department is sorted at once, a large one slice by slice by the page of the act."""
        only_ours()
        shown = request.form.get("mark", "")
        key = once.key_of(request.form.get("key", ""), [("rules", shown)], by=me())
        try:
            with transaction(by=me()):
                act = grouping_run.begin(shown=shown, key=key, by=me())
                if act.left and act.left <= bulk.SLICE:
                    act = bulk.go_on(act.id, by=me())
        except DomainError as refusal:
            flash(str(refusal), "error")
            return redirect(url_for(".trial"))
        return to([act])


def _found(rule_id: int) -> GroupRule:
    rule = grouping_rules.rule_of(rule_id)
    if rule is None:
        raise NotFound(_("There is no such rule."))
    return rule
