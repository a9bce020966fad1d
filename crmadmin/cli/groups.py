"""The rules of groups from the command line: what they would do, and doing it."""

import click
from flask.cli import AppGroup

from crmadmin.core.i18n import _, plural
from crmadmin.jobs import groups as nightly
from crmadmin.services.grouping_trial import Trial, trial
from models.kinds import BulkVerdict

groups = AppGroup("groups", help="The rules of groups.")


@groups.command("run")
@click.option("--dry-run", is_flag=True, help="Only say who would move.")
def run(dry_run: bool) -> None:
    """Sort all clients by the rules that are switched on: what is done at night as well."""
    if dry_run:
        _say(trial())
        return
    act = nightly.run_due()
    moved = act.counts.get(BulkVerdict.done.value, 0) if act else 0
    said = plural("%(num)d client moved.", "%(num)d clients moved.", moved)
    click.echo(said if moved else _("Nobody would move."))


def _say(found: Trial) -> None:
    for way, number in found.ways.most_common():
        old, new = found.groups[way.from_id].name, found.groups[way.to_id].name
        click.echo(f"{number:>7}  {old} → {new}: {found.rules[way.rule_id].name}")
    if not found.moving:
        click.echo(_("Nobody would move.") if found.has_rules else _("No rule is switched on."))
