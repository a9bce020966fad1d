"""What the program does by itself, for everybody to see; letters that did not arrive, for the admin."""

from typing import NamedTuple

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import db, transaction
from crmadmin.core.errors import NotFound
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission
from crmadmin.jobs.catalogue import JOBS
from crmadmin.jobs.ticks import Job
from crmadmin.queries import reminders as asked
from crmadmin.services import leases, letters
from models import JobRun, Letter
from views.base import Page, me
from views.forms import only_ours

SHOWN = 100


class Row(NamedTuple):
    job: Job
    run: JobRun | None

    @property
    def fails(self) -> bool:
        run = self.run
        return bool(run and run.failed_at and (run.done_at is None or run.failed_at > run.done_at))


class JobsPage(Page):
    see = Permission.self_change

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        kept = leases.known()
        return self.render("pages/jobs/page.html", rows=[Row(job, kept.get(job.name)) for job in JOBS])


class LettersPage(Page):
    """What waits for a server that does not take it, and what was given up."""

    see = Permission.people_manage

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.render("pages/jobs/letters.html", letters=db.execute(asked.letters_lost(SHOWN)).all())

    @expose("/<int:letter_id>/again", methods=("POST",))
    def again(self, letter_id: int) -> ResponseReturnValue:
        only_ours()
        with transaction(by=me()):
            letter = db.get(Letter, letter_id)
            if letter is None:
                raise NotFound(_("There is no such letter."))
            letters.again(letter)
        flash(_("It is sent again with the next tick."), "success")
        return redirect(url_for("letters.index"))
