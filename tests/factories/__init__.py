"""``a_client(name="Ромашка")``: the shortest true sentence that makes a row."""

from tests.factories.business import *  # noqa: F403
from tests.factories.days import *  # noqa: F403
from tests.factories.keeping import together as together
from tests.factories.numbers import *  # noqa: F403
