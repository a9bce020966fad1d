"""The client's task: the problem in the client's words, what we propose, and whether that is accepted."""

from crmadmin.core import clock
from crmadmin.core.db import db
from crmadmin.core.errors import DomainError, NotAllowed
from crmadmin.core.i18n import _
from crmadmin.core.permissions import Permission, allows
from crmadmin.queries.tasks import open_tasks
from crmadmin.services.meanwhile import mark, refuse_if_changed
from crmadmin.services.texts import within
from models import Client, ClientTask, User
from models.kinds import TaskState

LONGEST = 4_000
LONGEST_OUTCOME = 500


def open_task(client: Client) -> ClientTask | None:
    """The one that is not closed yet."""
    return db.scalar(open_tasks([client.id]))


def begin(client: Client, *, problem: str, by: User) -> ClientTask:
    """Write down what the client wants solved; one at a time is open."""
    _may(by)
    if client.archived_at is not None:
        raise DomainError(_("This client is put away: bring it back first."), field="problem")
    if open_task(client) is not None:
        raise DomainError(_("There is an open task already: close it first, or reword it."), field="problem")
    task = ClientTask(client=client, problem=_said(problem, "problem"), opened_at=clock.now(), opened_by=by)
    db.add(task)
    db.flush()
    return task


def mark_of(task: ClientTask) -> str:
    """What a form carries of the task it showed."""
    return mark(task.problem, task.solution, task.state.value)


def reword(task: ClientTask, *, problem: str, solution: str, seen: str | None = None, by: User) -> None:
    """Another wording of the problem; a solution that is told for the first time is a proposal.

    ``seen``: the mark of what the form has shown; of something else nothing is overwritten unseen.
    """
    _may(by)
    _is_open(task)
    refuse_if_changed(mark_of(task), seen, says=_now(task))
    task.problem = _said(problem, "problem")
    task.solution = within(solution, "solution", LONGEST)
    if task.solution and task.state is TaskState.open:
        task.state, task.proposed_at = TaskState.proposed, clock.now()
    elif not task.solution and task.state is TaskState.proposed:
        raise DomainError(_("What was proposed stays written down: change its words."), field="solution")


def close(task: ClientTask, *, state: TaskState, outcome: str, seen: str | None = None, by: User) -> None:
    """The client accepted what was proposed, or the task is dropped for a reason."""
    _may(by)
    _is_open(task)
    refuse_if_changed(mark_of(task), seen, says=_now(task))
    outcome = within(outcome, "outcome", LONGEST_OUTCOME)
    if state is TaskState.accepted and task.state is not TaskState.proposed:
        raise DomainError(
            _("Nothing has been proposed yet: write down the solution first."), field="solution"
        )
    if state is TaskState.dropped and not outcome:
        raise DomainError(_("Say why the task is dropped."), field="outcome")
    if state not in {TaskState.accepted, TaskState.dropped}:
        raise DomainError(_("A task is closed as accepted or as dropped."))
    task.state, task.outcome, task.closed_at = state, outcome, clock.now()


def _now(task: ClientTask) -> str:
    return " → ".join(said for said in (task.problem, task.solution) if said)


def _may(by: User) -> None:
    if not allows(by.role, Permission.tasks_change):
        raise NotAllowed(_("Changing a client's task is not yours to do."))


def _is_open(task: ClientTask) -> None:
    if task.closed_at is not None:
        raise DomainError(_("This task is closed."))


def _said(text: str, field: str) -> str:
    found = within(text, field, LONGEST)
    if not found:
        raise DomainError(_("Write down what the client wants, in the client's own words."), field=field)
    return found
