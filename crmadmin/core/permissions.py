"""Who may do what, on one page. A view names a permission; only this table names roles.

Which *rows* somebody may change is said once per entity in crmadmin.queries.visibility.
"""

from enum import StrEnum

from models.kinds import Role


class Permission(StrEnum):
    clients_see = "clients:see"
    clients_create = "clients:create"
    clients_change = "clients:change"
    clients_group = "clients:group"
    clients_export = "clients:export"
    curators_see = "curators:see"
    curators_change = "curators:change"
    interactions_see = "interactions:see"
    interactions_record = "interactions:record"
    interactions_correct = "interactions:correct"
    interactions_export = "interactions:export"
    contact_persons_see = "contact_persons:see"
    contact_persons_change = "contact_persons:change"
    contact_persons_export = "contact_persons:export"
    groups_see = "groups:see"
    reference_see = "reference:see"
    reference_change = "reference:change"
    people_manage = "people:manage"
    every_row = "rows:every"
    self_change = "self:change"


_EVERYBODY = frozenset(
    {
        Permission.clients_see,
        Permission.curators_see,
        Permission.interactions_see,
        Permission.interactions_record,
        Permission.interactions_correct,
        Permission.contact_persons_see,
        Permission.groups_see,
        Permission.self_change,
    }
)

_SELLERS = _EVERYBODY | {
    Permission.clients_create,
    Permission.clients_change,
    Permission.clients_group,
    Permission.clients_export,
    Permission.contact_persons_change,
    Permission.contact_persons_export,
    Permission.interactions_export,
}

_HEADS = _SELLERS | {Permission.curators_change, Permission.every_row}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.manager: _SELLERS,
    Role.head: _HEADS,
    Role.colleague: _EVERYBODY,
    Role.admin: frozenset(Permission),
}


def allows(role: Role, permission: Permission) -> bool:
    return permission in GRANTS[role]
