"""Rows of one file that have the same name, no number to tell them apart, and yet are about two clients."""

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.formats.client_columns import title_of
from crmadmin.rules.names import folded
from crmadmin.services.import_drafts import Draft
from crmadmin.services.import_matches import has_only_a_name

_OF_ITS_OWN = ("legal_name", "kpp", "ogrn", "address", "site")


class Twins:
    """What the rows of a file have said of each name so far."""

    def __init__(self) -> None:
        self._said: dict[str, dict[str, str]] = {}

    def tell_apart(self, draft: Draft) -> None:
        """DomainError when the row has only a name, and an earlier one of that name says other things."""
        if not has_only_a_name(draft):
            return
        own = {title_of(key): draft.texts[key] for key in _OF_ITS_OWN if draft.texts.get(key)}
        says = {key: folded(text) for key, text in {**draft.unread, **own}.items()}
        name = f"{folded(draft.name)}\n{folded(draft.texts.get('city', ''))}"
        known = self._said.setdefault(name, says)
        other = [key for key, text in says.items() if known.get(key, text) != text]
        if other:
            raise DomainError(
                _(
                    "Another row has the same name, and other values here: %(columns)s. "
                    "If these are two clients, give each an INN or a telephone.",
                    columns=", ".join(other[:5]),
                )
            )
