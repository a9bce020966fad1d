"""How names are compared: one folding rule for search, and one key for matching companies."""

import re
import unicodedata


def folded(text: str) -> str:
    """The text as search sees it: no case, ё as е, one blank between words, none around.

    Compatibility forms (№, non-breaking blanks, full-width letters, ligatures) become plain ones.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(plain.split())


_LONG_FORMS = (
    "общество с ограниченной ответственностью",
    "общество с дополнительной ответственностью",
    "публичное акционерное общество",
    "непубличное акционерное общество",
    "открытое акционерное общество",
    "закрытое акционерное общество",
    "акционерное общество",
    "индивидуальный предприниматель",
    "глава крестьянского фермерского хозяйства",
    "крестьянское фермерское хозяйство",
    "федеральное государственное унитарное предприятие",
    "государственное унитарное предприятие",
    "муниципальное унитарное предприятие",
    "автономная некоммерческая организация",
    "некоммерческое партнерство",
    "производственный кооператив",
    "потребительский кооператив",
    "сельскохозяйственный производственный кооператив",
    "товарищество собственников жилья",
    "товарищество с ограниченной ответственностью",
    "limited liability company",
    "joint stock company",
)
_SHORT_FORMS = frozenset(
    re.findall(
        r"\w+",
        "ооо оао зао пао нао ао одо ип чп тоо ано гуп муп фгуп кфх тсж спк снт нко уп чуп сооо "
        "llc ltd inc corp co jsc pjsc ojsc gmbh ag oy",
    )
)
_LONG = re.compile(r"\b(?:" + "|".join(sorted(_LONG_FORMS, key=len, reverse=True)) + r")\b")
_PUNCTUATION = re.compile(r"[^\w]+|_+")


def company_key(name: str) -> str:
    """What two spellings of one company's name have in common: no legal form, no quotes, no punctuation.

    A name that is nothing but a legal form keeps it: an empty key would match every other such name.
    """
    plain = " ".join(_PUNCTUATION.sub(" ", folded(name)).split())
    words = [word for word in _LONG.sub(" ", plain).split() if word not in _SHORT_FORMS]
    return " ".join(words) or plain
