"""One box over everything: what is found, by kind; the same answer as a page and as one types."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from markupsafe import Markup
from sqlalchemy import select

from crmadmin.core.db import db
from crmadmin.core.i18n import _, plural
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices, everything
from crmadmin.queries.interaction_search import leaves_older_out
from crmadmin.rules.names import folded
from crmadmin.rules.search_terms import Term, is_in, only_number, terms, words
from models import Client, ClientGroup, ContactPerson, Interaction
from views import cells
from views.base import Page, can, me
from views.marks import marked, marked_telephone
from views.notes import newest_only
from views.templating import moment

AT_A_GLANCE = 5  # of each kind, while one types
WHY = 2  # facts that say why a row is found
LENGTH = 110  # signs of a text
SIGNS = 200  # of what one may type


class Hit(NamedTuple):
    address: str
    title: Markup
    below: Markup
    mark: Markup | str = ""


class Kind(NamedTuple):
    """What is found of one kind; ``every`` leads to the list of all of them."""

    key: str
    title: str
    icon: str
    hits: list[Hit]
    every: str = ""
    note: str = ""


class SearchPage(Page):
    see = Permission.clients_see

    def is_visible(self) -> bool:
        return False

    @expose("/")
    @expose("")
    def index(self) -> ResponseReturnValue:
        typed = " ".join(request.args.get("q", "").replace("\x00", "").split())[:SIGNS]
        while_typing = request.headers.get("HX-Request") == "true"
        if not while_typing and (meant := _the_one(typed)):
            return redirect(url_for("clients.card", client_id=meant))
        found = _everything(typed) if terms(typed) else []
        template = "pages/search/answers.html" if while_typing else "pages/search/page.html"
        few = AT_A_GLANCE if while_typing else everything.FEW
        found = [kind._replace(hits=kind.hits[:few]) for kind in found]
        count = sum(len(kind.hits) for kind in found)
        said = plural("%(num)d shown", "%(num)d shown", count) if count else _("Nothing found")
        return self.render(template, searched_for=typed, kinds=found, said=said, few=few)


def _the_one(typed: str) -> int | None:
    """The client whose telephone, INN or e-mail was typed, whole and alone: nobody needs a list of one."""
    number = only_number(typed)
    if number:
        found = db.scalars(everything.of_number(number, me())).all()
    elif "@" in typed and " " not in typed:
        name, _at, domain = typed.rpartition("@")
        found = db.scalars(everything.of_email(f"{name}@{domain.lower()}", me())).all()
    else:
        return None
    return found[0] if len(found) == 1 else None


def _everything(typed: str) -> list[Kind]:
    """People and clients before what was said with them; a whole number is theirs alone."""
    asked = terms(typed)
    said = words(asked)
    found = [_clients(typed, asked, said), _colleagues(asked, said)]
    if can(Permission.contact_persons_see):
        found.append(_contact_persons(typed, said))
    found.append(_groups(asked, said))
    is_theirs = only_number(typed) and any(kind.hits for kind in found)
    if can(Permission.interactions_see) and not is_theirs:
        found.append(_interactions(typed, said))
    return [kind for kind in found if kind.hits]


def _clients(typed: str, asked: list[Term], said: list[str]) -> Kind:
    rows = list(db.scalars(everything.clients(typed, me())))
    persons: dict[int, list[ContactPerson]] = {}
    for person in db.scalars(everything.persons_of(rows)) if rows else ():
        persons.setdefault(person.client_id, []).append(person)
    hits = [
        Hit(
            url_for("clients.card", client_id=row.id),
            marked(row.name, said),
            marked(row.city, said)
            if all(is_in(folded(row.name), term) for term in asked)
            else _why(_facts_of_client(row, persons.get(row.id, []), said), marked(row.city, said)),
            cells.badge(_("put away"), "grey", "bi-archive") if row.archived else cells.group(row.group),
        )
        for row in rows
    ]
    return Kind("clients", _("Clients"), "bi-building", hits, url_for("clients.index_view", search=typed))


def _contact_persons(typed: str, said: list[str]) -> Kind:
    hits = [
        Hit(
            url_for("contact_persons.card", person_id=row.id),
            marked(row.name, said),
            _why([marked(row.client.name, said), *_facts_of_person(row, said)], Markup("")),
        )
        for row in db.scalars(everything.contact_persons(typed, me()))
    ]
    every = url_for("contact_persons.index_view", search=typed)
    return Kind("contact_persons", _("Contact persons"), "bi-person-vcard", hits, every)


def _interactions(typed: str, said: list[str]) -> Kind:
    hits = [
        Hit(
            url_for("interactions.details_view", id=row.id),
            marked(row.client.name, said),
            Markup(" · ").join([moment(row.happened_at), row.kind.name, row.person.name, *_texts(row, said)]),
        )
        for row in db.scalars(everything.interactions(typed, me()))
    ]
    note = newest_only() if hits and leaves_older_out(typed) else ""
    every = url_for("interactions.index_view", search=typed)
    return Kind("interactions", _("Interactions"), "bi-chat-left-text", hits, every, note)


def _colleagues(asked: list[Term], said: list[str]) -> Kind:
    """Our own people: each leads to the clients he looks after."""
    hits = [
        Hit(url_for("clients.index_view", curator=row.id), marked(row.name, said), Markup(""))
        for row in db.scalars(choices.everybody(me()))
        if all(is_in(folded(row.name), term) for term in asked)
    ]
    return Kind("people", _("Our people"), "bi-person-workspace", hits[: everything.FEW])


def _groups(asked: list[Term], said: list[str]) -> Kind:
    hits = [
        Hit(url_for("clients.index_view", group=row.id), marked(row.name, said), Markup(""))
        for row in db.scalars(select(ClientGroup).order_by(ClientGroup.position, ClientGroup.id))
        if all(is_in(folded(row.name), term) for term in asked)
    ]
    return Kind("groups", _("Groups"), "bi-layers", hits[: everything.FEW])


def _why(facts: Iterable[Markup], otherwise: Markup) -> Markup:
    """The facts that say why a row is found: those with something marked in them."""
    told = [fact for fact in facts if "<mark>" in fact][:WHY]
    return Markup(" · ").join(told) or otherwise


def _facts_of_client(row: Client, persons: Sequence[ContactPerson], said: list[str]) -> list[Markup]:
    own = [
        *_numbered(_("INN"), row.inn, said),
        *_numbered(_("OGRN"), row.ogrn, said),
        *_lines(row, said),
        marked(row.city, said),
        marked(row.site, said),
    ]
    theirs = [fact for person in persons for fact in _told_of(person, said)]
    return [*own, *theirs, marked(row.legal_name, said)]


def _numbered(label: str, number: str, said: list[str]) -> list[Markup]:
    return [Markup("{} {}").format(label, marked(number, said))] if number else []


def _told_of(person: ContactPerson, said: list[str]) -> list[Markup]:
    """A contact person's telephone says whose it is."""
    name = marked(person.name, said)
    if "<mark>" in name:
        return [name]
    return [Markup("{}: {}").format(person.name, fact) for fact in _facts_of_person(person, said)]


def _facts_of_person(person: ContactPerson, said: list[str]) -> list[Markup]:
    return [marked(person.job_title, said), *_lines(person, said)]


def _lines(owner: Client | ContactPerson, said: list[str]) -> list[Markup]:
    telephones = [marked_telephone(each, said) for each in owner.telephones]
    return telephones + [marked(each.typed, said) for each in owner.emails]


def _texts(row: Interaction, said: list[str]) -> list[Markup]:
    """The text that has the words in it; where none has, what the client asked."""
    shown = [marked(text, said, LENGTH) for text in (row.request, row.reaction, row.note) if text]
    return [text for text in shown if "<mark>" in text][:1] or shown[:1]
