"""Reference data: what the lists of a form are made of; groups among them. One screen a list."""

from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, false, func, select, true
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from crmadmin.core.i18n import lazy
from crmadmin.core.permissions import Permission
from crmadmin.queries import choices
from crmadmin.queries.clients import is_archived
from crmadmin.queries.search import name_matches
from crmadmin.services import reference
from models import (
    Base,
    Channel,
    Client,
    ClientGroup,
    Industry,
    Interaction,
    InteractionKind,
    Region,
    Result,
    Tag,
    User,
)
from models.clients import client_tag
from views import cells
from views.admin import filters as by
from views.admin.base import EntityView
from views.admin.lists import one
from views.admin.sorting import by_value
from views.fields import text_or_blank
from views.labels import label


class ReferenceView(EntityView):
    """A list of reference data: seen and changed by the admin, switched off rather than deleted."""

    service = reference
    see = Permission.reference_see
    create = Permission.reference_change
    change = Permission.reference_change
    create_label = lazy("New entry")
    empty_text = lazy("What forms are to offer belongs here.")
    not_yours = lazy("Only the admin changes reference data.")
    search_words = lazy("name or code")
    page_size = 100

    used_by: tuple[type[Base], str] | None = None  # whose rows point at these, and by which column

    column_list = ("name", "used", "position", "active")
    more_columns = ("code",)  # for whoever prepares an import
    column_details_list = ("name_ru", "name_en", "code", "position", "active")
    column_labels = {
        "name": lazy("Name"),
        "name_ru": lazy("Name in Russian"),
        "name_en": lazy("Name in English"),
        "code": lazy("Code"),
        "position": lazy("Place in lists"),
        "active": lazy("In use"),
        "used": lazy("Used by"),
        "tone": lazy("Colour"),
        "rhythm_days": lazy("Days between contacts"),
        "parent": lazy("Lies in"),
        "contact": lazy("Counts as a contact"),
        "internal": lazy("Internal"),
        "usual_minutes": lazy("Usual minutes"),
        "minute_choices": lazy("Minutes on offer"),
        "icon": lazy("Icon"),
        "clients": lazy("Clients"),
    }
    column_formatters = {
        "active": cells.of(lambda row: cells.yes(row.active)),
        "contact": cells.of(lambda row: cells.yes(row.contact)),
        "internal": cells.of(lambda row: cells.yes(row.internal)),
    }
    form_columns = ("name_ru", "name_en", "code", "position", "active")
    form_args = {
        "name_ru": {"validators": [InputRequired(), Length(max=200)]},
        "code": {
            "validators": [Optional()],
            "description": lazy(
                "Latin letters, digits, dots and dashes; imports know it by this. Empty: made of the name."
            ),
        },
        "position": {"validators": [Optional(), NumberRange(0, 10_000)]},
    }

    @property
    def sorts(self) -> dict[str, Any]:  # type: ignore[override]
        entity: Any = self.model
        plain = {"position": entity.position, "name": entity.name_ru, "code": entity.code}
        own = ("active", "rhythm_days", "contact", "internal", "usual_minutes", "parent_id")
        more = {
            name.removesuffix("_id"): by_value(getattr(entity, name)) for name in own if hasattr(entity, name)
        }
        return plain | more | {name: by_value(value) for name, value in self.extras().items()}

    order = ("position", False)

    @property
    def filters(self) -> tuple[by.Filter, ...]:  # type: ignore[override]
        entity: Any = self.model
        return (by.yes_no("active", lazy("In use"), entity.active, is_main=True),)

    def visible_to(self, viewer: User) -> ColumnElement[bool]:
        return true()

    def changeable_by(self, viewer: User) -> ColumnElement[bool]:
        return true()

    def exportable_by(self, viewer: User) -> ColumnElement[bool]:
        return false()

    def finds(self, text: str) -> ColumnElement[bool] | None:
        entity: Any = self.model
        return name_matches(text, entity.name_ru, entity.name_en, entity.code)

    def extras(self) -> dict[str, ColumnElement[Any]]:
        if self.used_by is None:
            return {}
        whose, column = self.used_by
        points = getattr(whose, column) == self.model.id
        return {"used": select(func.count()).select_from(whose).where(points).scalar_subquery()}


class IndustryView(ReferenceView):
    model = Industry
    used_by = (Client, "industry_id")


class ChannelView(ReferenceView):
    model = Channel
    used_by = (Client, "channel_id")


class ResultView(ReferenceView):
    model = Result
    used_by = (Interaction, "result_id")


class RegionView(ReferenceView):
    model = Region
    used_by = (Client, "region_id")
    column_list = ("name", "parent", "code", "used", "position", "active")  # the code is the region's number
    more_columns = ()
    form_columns = ("name_ru", "name_en", "code", "parent", "position", "active")
    choices = {"parent": choices.in_use(Region)}
    loads = one(Region.parent)


class KindView(ReferenceView):
    model = InteractionKind
    used_by = (Interaction, "kind_id")
    column_list = ("name", "contact", "internal", "usual_minutes", "used", "position", "active")
    form_columns = ("name_ru", "name_en", "code", "contact", "internal", "usual_minutes", "minute_choices",
                    "icon", "position", "active")  # fmt: skip
    form_args = {
        **ReferenceView.form_args,
        "internal": {"description": lazy("Between ourselves: a report for the client leaves it out.")},
        "minute_choices": {
            "validators": [Length(max=60)],
            "filters": [text_or_blank],
            "description": lazy("What the quick record offers for this kind, like 5 15 30 60."),
        },
    }
    column_formatters = {
        **ReferenceView.column_formatters,
        "name": cells.of(lambda row: cells.marked(row.name, row.icon)),
    }


class GroupView(ReferenceView):
    """Groups of clients: everybody sees them, the admin changes them."""

    model = ClientGroup
    see = Permission.groups_see
    create_label = lazy("New group")
    empty_text = lazy("Groups say how much attention a client gets: a colour, and the days between contacts.")
    used_by = (Client, "group_id")
    also = (("group_rules.index", lazy("Rules of groups"), Permission.group_rules_see),)
    column_list = ("name", "rhythm_days", "used", "position", "active")
    column_labels = {**ReferenceView.column_labels, "used": lazy("Clients")}

    def extras(self) -> dict[str, ColumnElement[Any]]:
        """Those that the list behind the number shows."""
        in_it = (
            select(func.count()).select_from(Client).where(Client.group_id == ClientGroup.id, ~is_archived)
        )
        return {"used": in_it.scalar_subquery()}

    column_details_list = ("name_ru", "name_en", "code", "tone", "rhythm_days", "position", "active")
    column_formatters = {
        **ReferenceView.column_formatters,
        "name": cells.of(lambda row: cells.group(row)),
        "used": cells.of(lambda row: cells.link(url_for("clients.index_view", group=row.id), row.used)),
        "tone": cells.of(lambda row: cells.badge(label(row.tone), row.tone)),
    }
    form_columns = ("name_ru", "name_en", "code", "tone", "rhythm_days", "position", "active")
    form_args = {
        **ReferenceView.form_args,
        "rhythm_days": {
            "validators": [Optional(), NumberRange(1, 3650)],
            "description": lazy("Empty: nothing is expected of the group's clients."),
        },
    }


class TagView(ReferenceView):
    model = Tag
    create_label = lazy("New tag")
    column_labels = {**ReferenceView.column_labels, "used": lazy("Clients")}
    column_details_list = ("name_ru", "name_en", "code", "tone", "position", "active")
    column_formatters = {
        **ReferenceView.column_formatters,
        "name": cells.of(lambda row: cells.badge(row.name, row.tone)),
        "tone": cells.of(lambda row: cells.badge(label(row.tone), row.tone)),
        "used": cells.of(lambda row: cells.link(url_for("clients.index_view", tag=row.id), row.used)),
    }
    form_columns = ("name_ru", "name_en", "code", "tone", "position", "active")

    def extras(self) -> dict[str, ColumnElement[Any]]:
        used = select(func.count()).select_from(client_tag).where(client_tag.c.tag_id == Tag.id)
        return {"used": used.scalar_subquery()}
