"""Telephones and e-mails of a client or a contact person: kept as typed, and normalised beside it."""

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.rules import emails, telephones
from models import Client, ContactPerson, EmailAddress, Telephone


def set_telephones(owner: Client | ContactPerson, typed: str) -> None:
    """Make the owner's telephones those of a text; a number that stays keeps its row."""
    kept = {each.typed: each for each in owner.telephones}
    rows: list[Telephone] = []
    for place, number in enumerate(telephones.telephones(typed)):
        row = kept.get(number.typed) or Telephone(
            typed=number.typed[:120], e164=number.e164 or "", last4=number.last4
        )
        row.position = place
        rows.append(row)
    if rows != owner.telephones:
        owner.telephones = rows


def set_emails(owner: Client | ContactPerson, typed: str) -> None:
    """Make the owner's e-mails those of a text; DomainError for one that cannot be an address."""
    kept = {each.normal: each for each in owner.emails}
    rows: list[EmailAddress] = []
    for place, address in enumerate(emails.emails(typed)):
        if len(address) > 254:
            raise DomainError(
                _("This e-mail address is too long: %(typed)s", typed=address[:60]), field="emails"
            )
        row = kept.get(address) or EmailAddress(typed=address, normal=address)
        row.position = place
        rows.append(row)
    if rows != owner.emails:
        owner.emails = rows
