"""Telephones and e-mails of a client or a contact person: kept as typed, and normalised beside it."""

from crmadmin.core.errors import DomainError
from crmadmin.core.i18n import _
from crmadmin.rules import emails, telephones
from crmadmin.rules.telephones import Telephone as Number
from models import Client, ContactPerson, EmailAddress, Telephone


def set_telephones(owner: Client | ContactPerson, typed: str) -> None:
    """Make the owner's telephones those of a text; a number that stays keeps its row.

    DomainError for a new one that has no digits to dial; what an import has kept may stay.
    """
    kept = {each.typed: each for each in owner.telephones}
    rows: list[Telephone] = []
    numbers = telephones.telephones(typed)
    nonsense = [each.typed for each in numbers if each.typed not in kept and not telephones.is_number(each)]
    if nonsense:
        raise DomainError(
            _("This is no telephone: %(typed)s", typed=", ".join(each[:60] for each in nonsense)),
            field="telephones",
        )
    for place, number in enumerate(numbers):
        row = kept.get(number.typed) or _telephone(number, place)
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


def unknown_telephones(owner: Client | ContactPerson, numbers: list[Number]) -> list[Number]:
    """Those of the numbers that the owner has not got yet."""
    rows = [Number(each.typed, each.e164 or None, each.last4) for each in owner.telephones]
    known = {telephones.identity(number) for number in rows}
    return [number for number in numbers if telephones.identity(number) not in known]


def unknown_emails(owner: Client | ContactPerson, addresses: list[str]) -> list[str]:
    known = {each.normal.casefold() for each in owner.emails}
    return [address for address in addresses if address.casefold() not in known]


def add(owner: Client | ContactPerson, numbers: list[Number], addresses: list[str]) -> None:
    """Put telephones and e-mails after those the owner has."""
    for place, number in enumerate(numbers, len(owner.telephones)):
        owner.telephones.append(_telephone(number, place))
    for place, address in enumerate(addresses, len(owner.emails)):
        owner.emails.append(EmailAddress(typed=address, normal=address, position=place))


def _telephone(number: Number, place: int) -> Telephone:
    return Telephone(typed=number.typed[:120], e164=number.e164 or "", last4=number.last4, position=place)
