"""Every entity can be made in one sentence."""

import inspect
import re

import models
from tests import factories


def article_name(entity: str) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", entity).lower()
    vowel = words[0] in "aeio" and not words.startswith("one")  # it is heard, not written
    return f"an_{words}" if vowel else f"a_{words}"


def test_every_entity_has_a_factory():
    wanted = {article_name(entity) for entity in models.__all__ if entity != "Base"}
    made = {name for name, _factory in inspect.getmembers(factories, inspect.isfunction)}

    assert wanted <= made, f"tests/factories.py lacks: {', '.join(sorted(wanted - made))}"


def test_every_factory_makes_its_row(session):
    for entity in models.__all__:
        if entity != "Base":
            row = getattr(factories, article_name(entity))()
            assert type(row) is getattr(models, entity)
            assert row.id is not None


def test_every_table_is_an_entity_or_joins_two():
    mapped = {mapper.local_table.name for mapper in models.Base.registry.mappers}
    entities = {getattr(models, entity).__tablename__ for entity in models.__all__ if entity != "Base"}

    assert mapped == entities
    for table in models.Base.metadata.tables.values():
        assert table.name in mapped or {column.name for column in table.primary_key} == set(table.c.keys())
