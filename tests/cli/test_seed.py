from sqlalchemy import func, select

from models import Region


def test_reference_data_is_loaded_once(app, session):
    run = app.test_cli_runner().invoke

    first, second = run(args=["seed", "reference"]), run(args=["seed", "reference"])

    assert (first.exit_code, first.output) == (0, "189 rows added.\n")
    assert (second.exit_code, second.output) == (0, "Nothing lacked.\n")
    assert session.scalar(select(func.count()).select_from(Region)) == 102
