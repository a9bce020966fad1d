"""``make bench``: fill, measure, print, compare."""

import os

import click
from sqlalchemy import create_engine, make_url, text

from tests.bench import fill, measure, table
from tests.bench.plan import Size


@click.command()
@click.option("--clients", default=100_000, show_default=True)
@click.option("--interactions", type=int, help="Twenty a client, unless said.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="both")
@click.option("--only", default="", help="Pages with this in their name.")
@click.option("--times", default=0, help="How often each page is asked.")
@click.option("--keep", is_flag=True, help="Keep the figures: later runs are compared with them.")
def bench(clients: int, interactions: int | None, database: str, only: str, times: int, keep: bool) -> None:
    """Fill SQLite and PostgreSQL with a large department and take the time of its pages."""
    size = Size(clients, interactions or clients * 20)
    found: dict[str, table.Found] = {}
    for name, url in _urls(size).items():
        if database in {name, "both"}:
            click.echo(f"== {name}")
            took = fill.filled(url, size, say=click.echo)
            found[name] = measure.measured(url, only=only, times=times, say=click.echo)
            found[name][""] |= {"fill": took, "size": _gigabytes(url)}
            if not took:
                found[name][""]["fill"] = table.kept().get(name, {}).get("", {}).get("fill", 0.0)
    for name, pages in found.items():
        click.echo(table.printed(name, pages))
    if keep:
        table.keep(found, f"{size.clients} clients, {size.interactions} interactions")


def _urls(size: Size) -> dict[str, str]:
    """The file is kept in instance/; the server is the one .ci/bench has started, if there is one."""
    small = "" if size == Size() else f"-{size.clients}"
    folder = measure.ROOT / "instance"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = {"sqlite": f"sqlite:///{folder / f'bench{small}.db'}"}
    if server := os.environ.get("TEST_DATABASE_URL"):
        name = f"crm_bench{small.replace('-', '_')}"
        found["postgresql"] = make_url(server).set(database=name).render_as_string(hide_password=False)
    return found


def _gigabytes(url: str) -> float:
    if url.startswith("sqlite"):
        return os.path.getsize(str(make_url(url).database)) / 1e9
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT pg_database_size(current_database())"))
    engine.dispose()
    return found / 1e9


if __name__ == "__main__":
    bench()
