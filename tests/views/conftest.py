"""Whom most doors are opened by: a manager in her browser, with a client of hers."""

import pytest

from tests import factories as make


@pytest.fixture
def anna(session):
    return make.a_user(name="Анна Белова")


@pytest.fixture
def client(anna):
    return make.a_client(name="Ромашка", curator=anna)


@pytest.fixture
def ask(anna, signed_in):
    """Her browser."""
    return signed_in(anna)


@pytest.fixture
def call(session):
    """The kind of interaction that the quick record offers first."""
    return make.an_interaction_kind(code="call", name_ru="Звонок", name_en="Call", position=1)
