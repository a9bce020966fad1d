"""The dispute report of a client: a draft to choose from, the document, the file, and what checks it."""

from pathlib import Path

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose

from crmadmin.core.db import transaction
from crmadmin.core.errors import DomainError
from crmadmin.core.garbage import collected_later
from crmadmin.core.permissions import Permission
from crmadmin.reports import check_report, dispute_lines
from crmadmin.reports.dispute import Audience, tells_too_much
from crmadmin.services import dispute
from models import Client
from views.admin.filters import row_id
from views.base import me
from views.forms import made_once, must_be_ours
from views.of_client import OfClient
from views.report_drawing import boxed_lines, report_lines
from views.report_form import SHOWN, ReportForm, boxes

RECENT = 20
CHECKER = "check_report.py"


class ReportPage(OfClient):
    see = Permission.reports_make

    @expose("/report")
    def index(self, client_id: int) -> ResponseReturnValue:
        """The report of that ``number``; without one a draft, in which one ticks what is to be masked."""
        client = self.client(client_id)
        if "number" in request.args:
            with collected_later():
                return self._document(client)
        form = ReportForm(request.args, dispute.seen_upto(client))
        return self._draft(client, form)

    @expose("/report", methods=("POST",))
    def make(self, client_id: int) -> ResponseReturnValue:
        client = self.client(client_id)
        form = ReportForm(request.form, dispute.seen_upto(client))

        def make() -> str:
            with collected_later():
                number = dispute.make(client, form.order(client), by=me())
            return url_for("report.index", client_id=client.id, number=number)

        try:
            must_be_ours()
            with transaction(by=me()):
                where = made_once(make)
        except DomainError as refusal:
            flash(str(refusal), "error")
            return self._draft(client, form), 422
        return redirect(where, code=303)

    @expose("/report.json")
    def json(self, client_id: int) -> ResponseReturnValue:
        """The file of a report that was made; without its number the way to make one."""
        client = self.client(client_id)
        if "number" not in request.args:
            said = {name: request.args.get(name) for name in ("from", "to", "for")}
            return redirect(url_for("report.index", client_id=client.id, _external=False, **said))
        with collected_later():
            report = dispute.made(client, _number())
        name = f"report-{client.id}-{report.document['made']['number']}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(report.file, mimetype="application/json", headers=headers)

    @expose("/report/check.py")
    def check(self, client_id: int) -> ResponseReturnValue:
        self.client(client_id)
        headers = {"Content-Disposition": f'attachment; filename="{CHECKER}"'}
        return Response(Path(check_report.__file__).read_bytes(), mimetype="text/x-python", headers=headers)

    def _document(self, client: Client) -> str:
        report = dispute.made(client, _number())
        return self.render(
            "pages/report/document.html",
            client=client,
            said=report.document,
            total=dispute_lines.total(report.document),
            lines=report_lines(dispute_lines.lines(report.document)),
            digest=report.digest,
            is_unchanged=dispute.is_unchanged(report, client),
            is_for_client=report.document["for"] == Audience.client,
            checker=CHECKER,
        )

    def _draft(self, client: Client, form: ReportForm) -> str:
        document = dispute.draft(client, form.seen(), SHOWN)
        lines = [
            (line, fields, {name for name in fields if form.ticked(line, name)})
            for line, fields in boxes(dispute_lines.lines(document, SHOWN))
        ]
        return self.render(
            "pages/report/draft.html",
            client=client,
            form=form,
            shown=len(lines),
            lines=boxed_lines(lines),
            total=dispute_lines.total(document),
            older=tells_too_much(document),
            made=dispute.made_of(client, RECENT),
        )


def _number() -> int:
    """That of the address; none is nobody's."""
    try:
        return row_id(request.args.get("number", ""))
    except ValueError:
        return 0
