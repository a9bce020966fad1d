from sqlalchemy import text

from tests.factories import a_client, an_interaction


def ask(app, *words: object):
    return app.test_cli_runner().invoke(args=["journal", "verify", *map(str, words)])


def test_a_whole_journal_is_well(app, session):
    client = a_client()

    assert ask(app).exit_code == 0
    assert ask(app, client.id).exit_code == 0
    assert "Traceback" not in ask(app).output


def test_a_broken_chain_is_one_line_and_exit_code_1(app, session):
    client = a_client()
    session.execute(text("UPDATE journal_head SET number = 7 WHERE chain = :chain"), {"chain": client.id})
    session.commit()

    answer = ask(app)

    assert answer.exit_code == 1
    assert len(answer.stdout.splitlines()) == 1
    assert str(client.id) in answer.stdout


def test_a_client_that_is_not_there_is_no_success(app, session):
    assert ask(app, 987654).exit_code == 2


def test_an_anchor_is_made_once_a_day_and_verified(app, session, tmp_path, monkeypatch):
    file = tmp_path / "anchors.txt"
    monkeypatch.setitem(app.config, "ANCHORS_FILE", file)
    a_client()
    runner = app.test_cli_runner()

    first, again = (runner.invoke(args=["journal", "anchor"]) for _ in range(2))

    assert first.exit_code == again.exit_code == 0
    assert first.stdout == again.stdout == file.read_text()
    assert ask(app).exit_code == 0

    file.write_text(file.read_text().replace(file.read_text()[11:13], "zz"))
    answer = ask(app)
    assert answer.exit_code == 1
    assert "2026-03-02" in answer.stdout

    file.unlink()
    answer = ask(app)
    assert answer.exit_code == 0
    assert "There is no file of anchors" in answer.stderr


def test_the_first_line_names_the_first_wrong_entry(app, session):
    first, second = a_client(), a_client()
    an_interaction(client=first)
    sqlite = session.get_bind().dialect.name == "sqlite"
    for act in ("update", "delete") if sqlite else ("change",):
        session.execute(text(f"DROP TRIGGER journal_entry_no_{act}{'' if sqlite else ' ON journal_entry'}"))
    for client in (second, first):
        session.execute(
            text("UPDATE journal_entry SET kind = 'x' WHERE chain = :chain AND number = 1"),
            {"chain": client.id},
        )

    lines = ask(app).stdout.splitlines()

    assert len(lines) == 2
    assert f"client {first.id}, entry 1" in lines[0]
