"""The numbers of rows in addresses: whatever is typed there, a database can compare it."""

from werkzeug.routing import IntegerConverter

from views.admin.filters import LARGEST_ID


class RowNumber(IntegerConverter):
    """``<int:…>``: a number beyond any row's is read as one that no row has, so that the page says so."""

    def to_python(self, value: str) -> int:
        return LARGEST_ID if len(value) > len(str(LARGEST_ID)) else min(int(value), LARGEST_ID)
