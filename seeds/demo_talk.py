"""What was said: a scene is chosen that fits the client and who speaks, and its blanks are filled."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from crmadmin.rules.working_days import working_day
from seeds.demo_clients import Card, PersonCard
from seeds.demo_words import Scene, Words, filled

_LIKELY = {
    "call": 6.0,
    "letter": 3.0,
    "message": 1.5,
    "meeting": 1.4,
    "visit": 0.9,
    "negotiation": 1.2,
    "proposal": 1.3,
    "presentation": 0.4,
    "exhibition": 4.0,
}
_USUAL = {
    "call": (3, 18),
    "letter": (5, 25),
    "message": (2, 8),
    "meeting": (40, 90),
    "visit": (60, 180),
    "negotiation": (60, 120),
    "proposal": (30, 90),
    "presentation": (40, 80),
    "exhibition": (15, 40),
}


@dataclass(frozen=True)
class Said:
    kind: str
    direction: str
    minutes: int
    request: str
    reaction: str
    result: str
    note: str


@dataclass
class Talk:
    """Remembers what each client has talked about lately, so that he does not repeat himself."""

    rng: Random
    words: Words
    lately: dict[int, deque[Scene]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=3)))

    def about(
        self, card: Card, stage: str, day: date, ours: dict[str, Any], theirs: PersonCard, former: str = ""
    ) -> Said:
        """One contact on that day; ``former`` curated the client before, or is absent."""
        scene, kind = self._scene(card, stage)
        values = self._values(day, theirs, scene, former)

        def fill(text: str) -> str:
            return filled(text, values, female=ours["female"], their_female=theirs.female)

        result, note = self.rng.choice(scene.ends)
        return Said(
            kind=kind,
            direction=scene.who,
            minutes=self._minutes(kind, result, stage),
            request=fill(self.rng.choice(scene.request)),
            reaction=fill(self.rng.choice(scene.reaction)),
            result="" if stage == "short" else result,  # calls that bring nothing
            note=fill(note),
        )

    def _scene(self, card: Card, stage: str) -> tuple[Scene, str]:
        """First contacts by exhibition happen there and nowhere else."""
        met = stage == "first_in" and card.channel == "exhibition"
        fit = [
            scene
            for scene in self.words.scenes
            if scene.stage == stage and (stage != "first_in" or ("exhibition" in scene.kinds) == met)
        ]
        lately = self.lately[card.number]
        fresh = [scene for scene in fit if scene not in lately] or fit
        weights = [
            scene.weight * sum(_LIKELY[kind] for kind in scene.kinds) / len(scene.kinds) for scene in fresh
        ]
        scene = self.rng.choices(fresh, weights)[0]
        lately.append(scene)
        return scene, self.rng.choices(scene.kinds, [_LIKELY[kind] for kind in scene.kinds])[0]

    def _minutes(self, kind: str, result: str, stage: str) -> int:
        if result == "no_answer" or stage == "short":
            return self.rng.choice((1, 1, 1, 2, 2, 3))
        least, most = _USUAL[kind]
        if stage == "fat" and kind != "call":
            least, most = 100, 210
        minutes = self.rng.randint(least, most)
        return minutes if minutes < 20 else round(minutes / 5) * 5

    def _values(self, day: date, theirs: PersonCard, scene: Scene, former: str) -> dict[str, str]:
        rng, company = self.rng, self.words["company"]
        products: list[dict[str, Any]] = self.words["products"]
        if scene.about == "film":
            products = [each for each in products if each.get("film")]
        product, machine = rng.choice(products), rng.choice(self.words["machines"])
        on, by, later = (
            working_day(day + timedelta(days=rng.randint(*span))) for span in ((1, 4), (2, 6), (5, 20))
        )
        absent = self.words.person(former) if former else {"name": "", "gen": ""}
        return {
            **{case: product[case] for case in ("nom", "acc", "gen")},
            **{f"m_{case}": machine[case] for case in ("nom", "acc", "gen")},
            "qty": rng.choice(product["qty"]),
            "person": theirs.address,
            "competitor": rng.choice(company["competitors"]),
            "percent": rng.choice(company["percents"]),
            "delay": rng.choice(company["delays"]),
            "on_day": company["on_day"][on.weekday()],
            "by_day": company["by_day"][by.weekday()],
            "date": f"{later.day} {company['dates'][later.month - 1]}",
            "month": company["months"][day.month % 12],
            "invoice": str(rng.randint(200, 4900)),
            "sum": company["thousands"].format(rng.randint(40, 900)),
            "sum_small": company["thousands"].format(rng.randint(3, 40)),
            "sum_big": company["millions"].format(
                f"{rng.randint(11, 48) / 10}".replace(".", company["decimal"])
            ),
            "former": absent["gen"],
            "absent": absent["gen"],
            "absent_nom": absent["name"],
        }
