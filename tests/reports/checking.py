"""What the checker is asked, and what it answers."""

import subprocess
from pathlib import Path

from crmadmin.reports import check_report

CHECKER = Path(check_report.__file__)


def wrong_entry(done: subprocess.CompletedProcess[str]) -> int:
    """The number of the entry it names, exit code 1 being what it ends with."""
    assert done.returncode == 1, done.stdout + done.stderr
    return int(done.stdout.splitlines()[-1].split("entry ")[1].split(":")[0])


def shown(report: dict) -> list[int]:
    return [at for at, entry in enumerate(report["entries"]) if entry.get("fields")]
