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
    curators_export = "curators:export"
    interactions_see = "interactions:see"
    interactions_record = "interactions:record"
    interactions_correct = "interactions:correct"
    interactions_export = "interactions:export"
    contact_persons_see = "contact_persons:see"
    contact_persons_change = "contact_persons:change"
    contact_persons_export = "contact_persons:export"
    comments_write = "comments:write"
    files_add = "files:add"
    tasks_change = "tasks:change"
    promises_see = "promises:see"
    promises_change = "promises:change"
    requests_answer = "requests:answer"
    wishes_see = "wishes:see"
    wishes_change = "wishes:change"
    history_see = "history:see"
    silence_see = "silence:see"
    silence_ask = "silence:ask"
    kpi_see = "kpi:see"
    kpi_see_team = "kpi:see_team"
    record_cost_see = "record_cost:see"
    norms_see = "norms:see"
    norms_change = "norms:change"
    alarms_see = "alarms:see"
    alarms_decide = "alarms:decide"
    report_letters_set = "report_letters:set"
    absences_set = "absences:set"
    handover_offer = "handover:offer"
    first_touch_decide = "first_touch:decide"
    reports_make = "reports:make"
    rules_change = "rules:change"
    groups_see = "groups:see"
    group_rules_see = "group_rules:see"
    group_rules_change = "group_rules:change"
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
        Permission.comments_write,
        Permission.files_add,
        Permission.tasks_change,
        Permission.promises_see,
        Permission.promises_change,
        Permission.requests_answer,
        Permission.wishes_see,
        Permission.wishes_change,
        Permission.history_see,
        Permission.silence_see,
        Permission.record_cost_see,
        Permission.absences_set,
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
    Permission.group_rules_see,
    Permission.handover_offer,
    Permission.reports_make,
    Permission.kpi_see,
    Permission.norms_see,
    Permission.alarms_see,
}

_HEADS = _SELLERS | {
    Permission.curators_change,
    Permission.curators_export,
    Permission.first_touch_decide,
    Permission.group_rules_change,
    Permission.rules_change,
    Permission.silence_ask,
    Permission.kpi_see_team,
    Permission.norms_change,
    Permission.alarms_decide,
    Permission.report_letters_set,
    Permission.every_row,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.manager: _SELLERS,
    Role.head: _HEADS,
    Role.colleague: _EVERYBODY,
    Role.admin: frozenset(Permission),
}


def roles_with(permission: Permission) -> list[Role]:
    """Who may, for a question about people."""
    return [role for role, granted in GRANTS.items() if permission in granted]


def allows(role: Role, permission: Permission) -> bool:
    return permission in GRANTS[role]
