"""Which columns the bulk path writes, in the order of its rows; the others have their defaults."""

from models import Interaction

BY_LINES = "search_text" in Interaction.__table__.columns  # since 0002: a line of each text, of each person

COLUMNS = {
    "client": (
        "id kind name name_fold legal_name inn kpp ogrn industry_id region_id city address site remember "
        "group_id curator_id channel_id recommended_by_id rhythm_days archived_at created_at "
        "first_contact_at first_contact_by_id last_contact_at last_contact_by_id last_contact_kind_id "
        "next_contact_at search_text"
    ),
    "contact_person": "id client_id name name_fold job_title remember created_at search_text",
    "telephone": "id client_id contact_person_id typed e164 last4 position",
    "email_address": "id client_id contact_person_id typed normal position",
    "curator_period": "id client_id curator_id started_at ended_at reason by_id by_name",
    "interaction": (
        "id client_id kind_id state direction person_id recorded_by_id happened_at planned_for recorded_at "
        "request reaction result_id minutes note cancel_reason" + " search_text" * BY_LINES
    ),
    "interaction_contact_person": "interaction_id contact_person_id",
    "interaction_participant": "interaction_id user_id",
    "journal_entry": (
        "chain number client_id kind subject subject_id happened_at recorded_at by_id by_name data salt hash "
        "form"
    ),
    "journal_head": "chain number hash",
}

Rows = dict[str, list[tuple[object, ...]]]


def columns(table: str) -> list[str]:
    return COLUMNS[table].split()


def nothing() -> Rows:
    return {table: [] for table in COLUMNS}
