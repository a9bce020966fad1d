"""The columns of the list of clients as a file: what is exported, and what of it an import understands."""

from typing import NamedTuple

from crmadmin.core.i18n import get_locale


class ClientColumn(NamedTuple):
    """A column's key, and its title in either language (who reads a file back may speak the other one)."""

    key: str
    english: str
    russian: str

    def title(self, locale: str) -> str:
        """The header in the reader's language; English for a language we do not speak."""
        return self.russian if locale.startswith("ru") else self.english


CLIENT_COLUMNS = (
    ClientColumn("name", "Name", "Название"),
    ClientColumn("kind", "Kind", "Вид"),
    ClientColumn("legal_name", "Legal name", "Полное наименование"),
    ClientColumn("inn", "INN", "ИНН"),
    ClientColumn("kpp", "KPP", "КПП"),
    ClientColumn("ogrn", "OGRN", "ОГРН"),
    ClientColumn("industry", "Industry", "Отрасль"),
    ClientColumn("region", "Region", "Регион"),
    ClientColumn("city", "City", "Город"),
    ClientColumn("address", "Address", "Адрес"),
    ClientColumn("site", "Site", "Сайт"),
    ClientColumn("telephones", "Telephones", "Телефоны"),
    ClientColumn("emails", "E-mails", "Почта"),
    ClientColumn("remember", "What to remember", "Важно помнить"),
    ClientColumn("group", "Group", "Группа"),
    ClientColumn("curator", "Curator", "Куратор"),
    ClientColumn("channel", "Channel", "Канал"),
    ClientColumn("recommended_by", "Recommended by", "Рекомендовал"),
    ClientColumn("tags", "Tags", "Метки"),
    ClientColumn("rhythm_days", "Own rhythm, days", "Свой ритм, дней"),
    ClientColumn("archived_at", "Put away", "Убран из списков"),
)

# What the program works out by itself: a file tells it, and an import leaves it alone knowingly.
TOLD_COLUMNS = (
    ClientColumn("silent_days", "Days without a contact", "Дней без контакта"),
    ClientColumn("last_contact_at", "Last contact", "Последний контакт"),
    ClientColumn("next_contact_at", "Next contact", "Следующий контакт"),
    ClientColumn("created_at", "Added", "Добавлен"),
)

_BY_KEY = {column.key: column for column in (*CLIENT_COLUMNS, *TOLD_COLUMNS)}


def title_of(key: str) -> str:
    """The title of a column in the language of whoever asks; the key itself for what is no column."""
    column = _BY_KEY.get(key)
    return column.title(str(get_locale() or "en")) if column else key


# Several values of one cell (telephones, e-mails) stand in it like this.
BETWEEN_VALUES = "; "
