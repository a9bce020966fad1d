"""The words of which Russian and English people make a due day: tables, and pieces of patterns made of them.

Everything is in small letters, with ё as е: so is what it is compared with.
"""

from collections.abc import Iterable

NUMBERS = {
    word: number
    for number, words in {
        1: "один одна одну одного one a an",
        2: "два две двух пару пары two couple",
        3: "три трех three",
        4: "четыре четырех four",
        5: "пять пяти five",
        6: "шесть шести six",
        7: "семь семи seven",
        8: "восемь восьми eight",
        9: "девять девяти nine",
        10: "десять десяти ten",
        12: "двенадцать двенадцати twelve",
        14: "четырнадцать четырнадцати fourteen",
        15: "пятнадцать пятнадцати fifteen",
        20: "двадцать двадцати twenty",
        30: "тридцать тридцати thirty",
    }.items()
    for word in words.split()
}

WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "понедельник понедельника понедельнику monday",
            "вторник вторника вторнику tuesday",
            "среда среды среду среде wednesday",
            "четверг четверга четвергу thursday",
            "пятница пятницы пятницу пятнице friday",
            "суббота субботы субботу субботе saturday",
            "воскресенье воскресенья воскресенью sunday",
        )
    )
    for word in words.split()
}
SHORT_WEEKDAYS = {  # said of a day only after a word like «до» or "by": "sat" and "sun" are words, too
    word: number
    for number, words in enumerate(
        ("пн mon", "вт tue tues", "ср wed", "чт thu thurs", "пт fri", "сб sat", "вс sun")
    )
    for word in words.split()
}

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "январь января январю январе янв january jan",
            "февраль февраля февралю феврале фев february feb",
            "март марта марту марте мар march mar",
            "апрель апреля апрелю апреле апр april apr",
            "май мая маю мае may",
            "июнь июня июню июне июн june jun",
            "июль июля июлю июле июл july jul",
            "август августа августу августе авг august aug",
            "сентябрь сентября сентябрю сентябре сен сент september sep sept",
            "октябрь октября октябрю октябре окт october oct",
            "ноябрь ноября ноябрю ноябре ноя november nov",
            "декабрь декабря декабрю декабре дек december dec",
        ),
        1,
    )
    for word in words.split()
}

_TENS = {20: "двадцать", 30: "тридцать"}
_ORDINALS = [
    "перв",
    "втор",
    "треть",
    "четверт",
    "пят",
    "шест",
    "седьм",
    "восьм",
    "девят",
    "десят",
    "одиннадцат",
    "двенадцат",
    "тринадцат",
    "четырнадцат",
    "пятнадцат",
    "шестнадцат",
    "семнадцат",
    "восемнадцат",
    "девятнадцат",
    "двадцат",
]


def _ordinals() -> dict[str, int]:
    """«первого», «второму», «двадцать третьего», «тридцатое»…"""
    ends = ("ого", "ому", "ое")
    soft = ("его", "ему", "е")  # третьего
    found: dict[str, int] = {}
    for number, stem in enumerate(_ORDINALS, 1):
        for end in soft if stem == "треть" else ends:
            found[stem + end] = number
    found |= {"тридцат" + end: 30 for end in ends}
    for ten, said in _TENS.items():
        found |= {f"{said} {word}": ten + one for word, one in found.items() if one < 10 and ten + one < 32}
    return found


ORDINALS = _ordinals()

UNITS = {
    "minute": r"минут[уы]?|мин|minutes?|mins?",
    "hour": r"часов|часа|час|ч|hours?|hrs?",
    "day": r"дней|дня|день|дн|сутки|суток|days?",
    "week": r"недел[яюиьею]+|нед|weeks?",
    "month": r"месяц(?:ев|а)?|мес|months?",
    "year": r"года?|лет|years?",
}

DAY_PARTS = {  # the hour at which it is over
    "утром": 12,
    "с утра": 12,
    "утра": 12,
    "обеда": 13,
    "обеду": 13,
    "обед": 13,
    "полудня": 12,
    "полудню": 12,
    "полдень": 12,
    "днем": 18,
    "вечера": 18,
    "вечеру": 18,
    "вечером": 21,
    "morning": 12,
    "noon": 12,
    "lunch": 13,
    "afternoon": 18,
    "evening": 21,
}


def one_of(words: Iterable[str]) -> str:
    """A pattern of any of these, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


PLACE = r"перв\w+|втор\w+|треть\w+|четверт\w+|последн\w+|first|second|third|fourth|last"
PLACES = {"пе": 1, "вт": 2, "тр": 3, "че": 4, "по": -1, "fi": 1, "se": 2, "th": 3, "fo": 4, "la": -1}
"""Which weekday of a month, by the first two letters; -1 is the last one."""

SHORT_ENDS = {"eod": "day", "eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}

NEAR = {
    "сегодня": 0, "сегодняшнего": 0, "сегодняшнему": 0, "сегодняшний": 0, "today": 0, "tonight": 0,
    "завтра": 1, "завтрашнего": 1, "завтрашнему": 1, "завтрашний": 1, "tomorrow": 1, "tmrw": 1,
    "послезавтра": 2, "послезавтрашнего": 2, "послезавтрашнему": 2, "after tomorrow": 2,
}  # fmt: skip
