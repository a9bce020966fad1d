"""search indexes: what rows are found by, three letters at a time"""

import unicodedata
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ("client", "contact_person", "interaction")
BATCH = 5_000

# Words and trigrams only, no places: a third of the size; who asks looks at the text itself once more.
FTS = """
    CREATE VIRTUAL TABLE {table}_search USING fts5(
        search_text, content='{table}', content_rowid='id', tokenize='trigram', detail=none
    )
"""
INTO = "INSERT INTO {table}_search (rowid, search_text) VALUES (NEW.id, NEW.search_text);"
OUT_OF = (
    "INSERT INTO {table}_search ({table}_search, rowid, search_text) "
    "VALUES ('delete', OLD.id, OLD.search_text);"
)
SQLITE = (
    FTS,
    f"CREATE TRIGGER {{table}}_search_insert AFTER INSERT ON {{table}} BEGIN {INTO} END",
    f"CREATE TRIGGER {{table}}_search_delete AFTER DELETE ON {{table}} BEGIN {OUT_OF} END",
    "CREATE TRIGGER {table}_search_update AFTER UPDATE OF id, search_text ON {table} "
    "WHEN OLD.search_text <> NEW.search_text OR OLD.id <> NEW.id "
    f"BEGIN {OUT_OF} {INTO} END",
    "INSERT INTO {table}_search ({table}_search) VALUES ('rebuild')",
)
# Frequent words are met soon in the order of names, and words of a letter or two have no trigram: all that
# such a search reads lies here side by side. SQLite only: PostgreSQL reads a whole table quickly enough.
BY_NAME = "CREATE INDEX ix_{table}_name_search ON {table} (name_fold, id, search_text)"
# New rows wait in a list that every search reads to its end: it is kept short.
POSTGRESQL = (
    "CREATE INDEX ix_{table}_search_text_trgm ON {table} USING gin (search_text gin_trgm_ops) "
    "WITH (gin_pending_list_limit = 256)",
)


def upgrade() -> None:
    with op.batch_alter_table("interaction") as table:
        table.add_column(sa.Column("search_text", sa.Text(), server_default="", nullable=False))
    _fill_clients()
    _fill_interactions()
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for name in TABLES:
        for statement in POSTGRESQL if postgresql else SQLITE:
            op.execute(statement.format(table=name))
        if not postgresql and name != "interaction":
            op.execute(BY_NAME.format(table=name))


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name in TABLES:
        if postgresql:
            op.execute(f"DROP INDEX ix_{name}_search_text_trgm")
            continue
        for act in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER {name}_search_{act}")
        op.execute(f"DROP TABLE {name}_search")
        op.execute(f"DROP INDEX IF EXISTS ix_{name}_name_search")
    first = (
        "split_part(search_text, chr(10), 1)"
        if postgresql
        else "substr(search_text, 1, instr(search_text || char(10), char(10)) - 1)"
    )
    for name in ("client", "contact_person"):
        op.execute(f"UPDATE {name} SET search_text = {first}")
    op.execute("ALTER TABLE interaction DROP COLUMN search_text")


def _rows(columns: str, table: str) -> Iterable[list[Any]]:
    """Rows by the thousand, in order of their id."""
    last = 0
    asked = sa.text(f"SELECT {columns} FROM {table} WHERE id > :last ORDER BY id LIMIT {BATCH}")
    while rows := op.get_bind().execute(asked, {"last": last}).all():
        yield list(rows)
        last = rows[-1][0]


def _keep(table: str, texts: list[dict[str, Any]]) -> None:
    if texts:
        op.get_bind().execute(sa.text(f"UPDATE {table} SET search_text = :said WHERE id = :id"), texts)


def _fill_clients() -> None:
    """A client is found by the words of its contact persons too, and they by its name; a line each."""
    persons = sa.text(
        "SELECT id, client_id, search_text FROM contact_person "
        "WHERE client_id BETWEEN :first AND :last ORDER BY client_id, id"
    )
    for rows in _rows("id, name_fold, search_text", "client"):
        names = {id: name for id, name, _own in rows}
        lines = {id: [own] for id, _name, own in rows}
        of_persons: list[dict[str, Any]] = []
        here = op.get_bind().execute(persons, {"first": rows[0][0], "last": rows[-1][0]})
        for id, client, own in here:
            lines[client].append(own)
            of_persons.append({"id": id, "said": f"{own}\n{names[client]}"})
        _keep("client", [{"id": id, "said": "\n".join(said)} for id, said in lines.items()])
        _keep("contact_person", of_persons)


def _fill_interactions() -> None:
    for rows in _rows("id, request, reaction, note", "interaction"):
        _keep("interaction", [{"id": id, "said": _lines(*texts)} for id, *texts in rows])


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, map(_folded, texts)))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(plain.split())
