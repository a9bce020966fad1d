"""Cards of invented clients: plain values, not yet rows."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from crmadmin.core.i18n import today
from models.kinds import ClientKind
from seeds import demo_numbers as numbers
from seeds.demo_words import City, Words, filled

_CHANNELS = {
    "incoming_call": 16,
    "site": 18,
    "recommendation": 14,
    "exhibition": 8,
    "cold_call": 24,
    "advertising": 8,
    "partner": 4,
    "tender": 4,
    "repeat": 2,
    "other": 2,
}

_POSTS = {"head": slice(0, 2), "buyer": slice(2, 4), "other": slice(4, None)}  # within the list of titles


@dataclass(frozen=True)
class PersonCard:
    name: str
    address: str  # how he is spoken of: «Ирина Сергеевна»
    female: bool
    title: str = ""
    birthday: date | None = None
    remember: str = ""
    telephones: str = ""
    emails: str = ""


@dataclass(frozen=True)
class Card:
    number: int
    kind: ClientKind
    name: str
    legal_name: str
    inn: str
    kpp: str
    ogrn: str
    industry: str
    region: str
    city: str
    address: str
    site: str
    remember: str
    channel: str
    telephones: str
    emails: str
    persons: tuple[PersonCard, ...]
    recommended_by: int | None = None


@dataclass
class Inventor:
    """Invents cards one after another; none has the name or the INN of another."""

    rng: Random
    words: Words
    names: set[str] = field(default_factory=set[str])
    inns: set[str] = field(default_factory=set[str])

    def cards(self, count: int) -> list[Card]:
        """So many cards in every region, some of them looking like another of them."""
        look_alikes = max(1, count // 50)
        cities = self._cities(count - look_alikes)
        cards = [self._card(place, city) for place, city in enumerate(cities)]
        for _ in range(look_alikes):
            cards.append(self._look_alike(len(cards), self.rng.choice(cards)))
        return cards

    def _cities(self, count: int) -> list[City]:
        """Every region once while there are enough clients, the rest by weight."""
        once = list({city.region: city for city in reversed(self.words.cities)}.values())
        once = once if count >= 2 * len(once) else []
        weights = [city.weight for city in self.words.cities]
        cities = once + self.rng.choices(self.words.cities, weights, k=count - len(once))
        self.rng.shuffle(cities)
        return cities

    def _card(self, number: int, city: City) -> Card:
        rng = self.rng
        sole = rng.random() < 0.09
        owner = self._person("owner", "") if sole else None
        industry, name, legal = self._sole(owner) if owner else self._company()
        slug = numbers.latin(name)
        site = f"{slug}.example" if rng.random() < 0.8 and not sole else ""
        persons = self._persons(owner, site)
        has_inn, has_telephone = rng.random() < 0.93, rng.random() < 0.95
        inn = self._inn(city.region, sole) if has_inn else ""
        return Card(
            number=number,
            kind=ClientKind.person if sole else ClientKind.company,
            name=name,
            legal_name=legal,
            inn=inn,
            kpp=numbers.kpp(city.region) if inn and not sole else "",
            ogrn=numbers.ogrn(rng, city.region, person=sole) if inn and rng.random() < 0.8 else "",
            industry=industry if rng.random() < 0.96 else "",
            region=city.region,
            city=city.name,
            address=self._address(city),
            site=site and rng.choice(("https://{}", "{}", "www.{}")).format(site),
            remember=self._remember("client", 0.45, female=False),
            channel=rng.choices(list(_CHANNELS), list(_CHANNELS.values()))[0],
            telephones=self._telephones(city) if has_telephone else "",
            emails=f"{rng.choice(self.words['names']['mailboxes'])}@{site}" if site else "",
            persons=persons if has_telephone or rng.random() < 0.5 else persons[:1],
        )

    def _look_alike(self, number: int, card: Card) -> Card:
        """The same client as somebody else would have typed him, without looking whether he is there."""
        bare = card.name.replace("«", "").replace("»", "")
        name = self.rng.choice((bare.upper(), card.legal_name, bare + " " + card.city, bare.lower()))
        while name in self.names:
            name += " 2"
        self.names.add(name)
        persons = tuple(replace(each, remember="", birthday=None) for each in card.persons[:1])
        bare_card = replace(card, inn="", kpp="", ogrn="", legal_name="", remember="")
        return replace(bare_card, number=number, name=name, persons=persons)

    def _company(self) -> tuple[str, str, str]:
        names: dict[str, Any] = self.words["names"]
        trades: list[dict[str, Any]] = self.words["trades"]
        while True:
            trade = self.rng.choices(trades, [each["weight"] for each in trades])[0]
            name = self.rng.choice(trade["names"]).replace("*", self.rng.choice(names["roots"]))
            if name not in self.names:
                break
        self.names.add(name)
        form = self.rng.choice(names["forms"])
        bare = name.replace("«", "").replace("»", "")
        return trade["industry"], name, names["legal"].format(form=form, name=bare)

    def _sole(self, chief: PersonCard) -> tuple[str, str, str]:
        names: dict[str, Any] = self.words["names"]
        family, *rest = chief.name.split()
        initials = " ".join(f"{word[0]}." for word in rest)
        name = names["sole"].format(family=family, initials=initials, name=chief.name)
        while name in self.names:
            name += " мл." if self.words.language == "ru" else " Jr"
        self.names.add(name)
        legal = f"{names['sole_legal']} {chief.name}"
        return self.rng.choice(("g", "g", "c", "h", "i")), name, legal

    def _persons(self, owner: PersonCard | None, site: str) -> tuple[PersonCard, ...]:
        """An entrepreneur speaks for himself, a company sends its buyer; no two have the same post."""
        persons = [owner or self._person("buyer", site)]
        for post in ("other", "other", "head"):
            if self.rng.random() < (0.1 if owner else 0.42):
                person = self._person(post, site)
                persons += [person] if person.title not in {each.title for each in persons} else []
        return tuple(persons)

    def _person(self, post: str, site: str) -> PersonCard:
        rng, names, titles = self.rng, self.words["names"], self.words["titles"]
        female = rng.random() < 0.5
        first = rng.choice(names["women" if female else "men"])
        family = rng.choice(names["families"]) + (names["families_f"] if female else "")
        father = rng.choice(names["fathers_f" if female else "fathers"]) if names["fathers"] else ""
        address = f"{first} {father}" if father else f"{first} {family}"
        name = f"{family} {first} {father}" if father else address
        several = titles["women" if female else "men"]
        mailbox = f"{numbers.latin(first)[:1]}.{numbers.latin(family)}@{site or 'mail.example'}"
        has_birthday = rng.random() < 0.3
        age = timedelta(days=rng.randrange(26 * 365, 61 * 365))
        return PersonCard(
            name=name,
            address=address,
            female=female,
            title=titles["owner"] if post == "owner" else rng.choice(several[_POSTS[post]]),
            birthday=today() - age if has_birthday else None,
            remember=self._remember(
                "helper" if post == "buyer" and rng.random() < 0.4 else "person", 0.18, female=female
            ),
            telephones=numbers.mobile(rng) if rng.random() < 0.85 else "",
            emails=mailbox if rng.random() < 0.6 else "",
        )

    def _remember(self, whose: str, share: float, *, female: bool) -> str:
        if self.rng.random() > share:
            return ""
        company: dict[str, Any] = self.words["company"]
        values = {key: self.rng.choice(company[f"{key}s"]) for key in ("competitor", "delay")}
        text = self.rng.choice(self.words["remember"][whose])
        return filled(text, values, female=female, their_female=female)

    def _inn(self, region: str, sole: bool) -> str:
        invent = numbers.inn_of_person if sole else numbers.inn_of_company
        inn = invent(self.rng, region)
        while inn in self.inns:
            inn = invent(self.rng, region)
        self.inns.add(inn)
        return inn

    def _telephones(self, city: City) -> str:
        rng = self.rng
        several = [numbers.landline(rng, city.dial) if rng.random() < 0.75 else numbers.mobile(rng)]
        if rng.random() < 0.2:
            several.append(numbers.mobile(rng))
        return "; ".join(several)

    def _address(self, city: City) -> str:
        rng, names = self.rng, self.words["names"]
        if rng.random() < 0.12:
            return ""
        street = names["address"].format(
            index=f"{rng.randrange(101, 692)}{rng.randrange(1000):03}",
            city=city.name,
            street=rng.choice(names["streets"]),
            house=rng.randrange(1, 120),
        )
        return street + rng.choice(names["rooms"]).format(rng.randrange(1, 40))
