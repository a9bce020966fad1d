"""Letters as they are drawn, from ``templates/letters/<name>/``: subject, plain text, the same in HTML."""

from typing import Any

from flask import Flask

from crmadmin.services import letters
from crmadmin.services.letters import Drawn
from views import notice_words


def install(app: Flask) -> None:
    """No request is at hand where letters are written: their templates know only what they are given."""

    def draw(name: str, data: dict[str, Any]) -> Drawn:
        def part(which: str, ending: str) -> str:
            template = app.jinja_env.get_template(f"letters/{name}/{which}.{ending}")
            return template.render(notice_words=notice_words, **data).strip()

        return Drawn(part("subject", "txt"), part("body", "txt") + "\n", part("body", "html") + "\n")

    letters.drawn_by(draw)
