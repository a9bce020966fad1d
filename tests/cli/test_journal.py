from sqlalchemy import text

from tests.factories import a_client


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
