"""Clients, the people at them, and how to reach them."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, ClientId, Name, Words
from models.kinds import ClientKind
from models.people import User
from models.reference import Channel, ClientGroup, Industry, InteractionKind, Region, Tag


def _to(table: str) -> ForeignKey:
    return ForeignKey(f"{table}.id", ondelete="RESTRICT")


def _of_persons(table: str) -> Index:
    """Only the lines of contact persons: else PostgreSQL takes those of clients, most of all, for rare."""
    theirs = text("contact_person_id IS NOT NULL")
    name = f"ix_{table}_contact_person_id"
    return Index(name, "contact_person_id", sqlite_where=theirs, postgresql_where=theirs)


# A list in the order of names is read from the index alone, and so is who was put away.
_BY_NAME = ("name_fold", "id", "archived_at")
# What a curator's numbers are made of, and what a silent client is chosen by: looked at in the index alone.
_SILENCE = ("archived_at", "rhythm_days", "last_contact_at", "created_at", "next_contact_at", "region_id")


def _by_silence() -> tuple[Index, ...]:
    """Who is silent longest is read in order: of each group, of those never spoken to, of own rhythms.

    What is asked beside that closes each index, and what its own condition says, which SQLite would look for
    in the row.
    """
    usual = "archived_at IS NULL AND rhythm_days IS NULL"
    asked = ("next_contact_at", "curator_id", "region_id", "archived_at")
    places = (
        ("spoken_to", ("group_id", "last_contact_at", "id", *asked, "rhythm_days"), usual),
        ("never_spoken_to", ("group_id", "created_at", "id", *asked, "rhythm_days", "last_contact_at"),
         f"{usual} AND last_contact_at IS NULL"),
        ("own_rhythm", ("rhythm_days", "id", "group_id", "last_contact_at", "created_at", *asked),
         "rhythm_days IS NOT NULL AND archived_at IS NULL"),
    )  # fmt: skip
    return tuple(
        Index(f"ix_client_{name}", *columns, sqlite_where=text(where), postgresql_where=text(where))
        for name, columns, where in places
    )


client_tag = Table(
    "client_tag",
    Base.metadata,
    Column("client_id", ForeignKey("client.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="RESTRICT"), primary_key=True, index=True),
)


class Client(Base):
    """A company or a person we sell to, from the first touch on. Archived, never deleted.

    ``first_contact_…``, ``last_contact_…`` and ``next_contact_at`` repeat what the interactions say, and
    ``curator_id`` what the open curator period says; the services keep them in the same transaction and
    ``doctor`` compares them. Who had the first contact is no foreign key, for SQLite adds none in place.
    ``search_text`` is everything a client is found by, folded: a line of its own, and one for each contact
    person.
    """

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("rhythm_days IS NULL OR rhythm_days > 0", name="rhythm_is_positive"),
        CheckConstraint("recommended_by_id <> id", name="not_recommended_by_itself"),
        Index(
            "uq_client_inn_kpp",
            "inn",
            "kpp",
            unique=True,
            sqlite_where=text("inn <> ''"),
            postgresql_where=text("inn <> ''"),
        ),
        Index("ix_client_name_fold", *_BY_NAME),
        Index("ix_client_group_id_name_fold", "group_id", *_BY_NAME),
        Index("ix_client_industry_id_name_fold", "industry_id", *_BY_NAME),
        Index("ix_client_region_id_name_fold", "region_id", *_BY_NAME),
        Index("ix_client_curator_id_name_fold", "curator_id", *_BY_NAME),
        Index("ix_client_curator_id_group_id", "curator_id", "group_id", *_SILENCE),
        Index("ix_client_next_contact_at", "next_contact_at", "id"),
        Index("ix_client_last_contact_at", "last_contact_at", "id"),
        Index("ix_client_created_at", "created_at", "id"),
        Index("ix_client_first_contact_by_id", "first_contact_by_id", "first_contact_at", "id"),
        *_by_silence(),
    )

    kind: Mapped[ClientKind] = mapped_column(default=ClientKind.company)
    name: Mapped[Name]
    name_fold: Mapped[str] = mapped_column(String(200), default="", server_default="")
    legal_name: Mapped[str] = mapped_column(String(400), default="", server_default="")
    inn: Mapped[str] = mapped_column(String(12), default="", server_default="", index=True)
    kpp: Mapped[str] = mapped_column(String(9), default="", server_default="")
    ogrn: Mapped[str] = mapped_column(String(15), default="", server_default="")
    industry_id: Mapped[int | None] = mapped_column(_to("industry"))
    region_id: Mapped[int | None] = mapped_column(_to("region"))
    city: Mapped[str] = mapped_column(String(120), default="", server_default="")
    address: Mapped[Words]
    site: Mapped[str] = mapped_column(String(300), default="", server_default="")
    remember: Mapped[Words]
    group_id: Mapped[int] = mapped_column(_to("client_group"))
    curator_id: Mapped[int | None] = mapped_column(_to("app_user"))
    channel_id: Mapped[int | None] = mapped_column(_to("channel"), index=True)
    recommended_by_id: Mapped[int | None] = mapped_column(_to("client"), index=True)
    rhythm_days: Mapped[int | None]
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    first_contact_at: Mapped[datetime | None]
    first_contact_by_id: Mapped[int | None]
    last_contact_at: Mapped[datetime | None]
    last_contact_by_id: Mapped[int | None] = mapped_column(_to("app_user"), index=True)
    last_contact_kind_id: Mapped[int | None] = mapped_column(_to("interaction_kind"), index=True)
    next_contact_at: Mapped[datetime | None]
    search_text: Mapped[Words]

    industry: Mapped[Industry | None] = relationship()
    region: Mapped[Region | None] = relationship()
    group: Mapped[ClientGroup] = relationship()
    curator: Mapped[User | None] = relationship(foreign_keys=[curator_id])
    channel: Mapped[Channel | None] = relationship()
    recommended_by: Mapped[Client | None] = relationship(remote_side="Client.id")
    last_contact_by: Mapped[User | None] = relationship(foreign_keys=[last_contact_by_id])
    last_contact_kind: Mapped[InteractionKind | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=client_tag, order_by=[Tag.position, Tag.id])
    telephones: Mapped[list[Telephone]] = relationship(
        cascade="all, delete-orphan",
        order_by="Telephone.position, Telephone.id",
        primaryjoin="and_(Telephone.client_id == Client.id, Telephone.contact_person_id.is_(None))",
        overlaps="client,telephones,contact_person",
    )
    emails: Mapped[list[EmailAddress]] = relationship(
        cascade="all, delete-orphan",
        order_by="EmailAddress.position, EmailAddress.id",
        primaryjoin="and_(EmailAddress.client_id == Client.id, EmailAddress.contact_person_id.is_(None))",
        overlaps="client,emails,contact_person",
    )

    curator_reason = ""  # why the curator changes in this flush; kept with the period, not with the client
    group_reason = ""  # why the group changes in this flush; kept in the journal
    group_until = cast("datetime | None", None)  # until when no rule moves it on; kept with its standing

    @property
    def archived(self) -> bool:
        return self.archived_at is not None

    def __str__(self) -> str:
        return self.name


class ContactPerson(Base):
    """Somebody at the client. ``search_text``: a line of his own, and one with the client's name."""

    __tablename__ = "contact_person"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        Index("ix_contact_person_name_fold", "name_fold", "id"),
    )

    client_id: Mapped[ClientId]
    name: Mapped[Name]
    name_fold: Mapped[str] = mapped_column(String(200), default="", server_default="")
    job_title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    birthday: Mapped[date | None]
    remember: Mapped[Words]
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    search_text: Mapped[Words]

    client: Mapped[Client] = relationship()
    telephones: Mapped[list[Telephone]] = relationship(
        cascade="all, delete-orphan",
        order_by="Telephone.position, Telephone.id",
        back_populates="contact_person",
    )
    emails: Mapped[list[EmailAddress]] = relationship(
        cascade="all, delete-orphan",
        order_by="EmailAddress.position, EmailAddress.id",
        back_populates="contact_person",
    )

    def __str__(self) -> str:
        return self.name


class Telephone(Base):
    """A telephone as it was typed, and as it is dialled (``+7…``; empty where nobody can dial it)."""

    __tablename__ = "telephone"
    __table_args__ = (
        Index("ix_telephone_e164", "e164"),
        Index("ix_telephone_last4", "last4"),
        _of_persons("telephone"),
    )

    client_id: Mapped[ClientId]
    contact_person_id: Mapped[int | None] = mapped_column(_to("contact_person"))
    typed: Mapped[str] = mapped_column(String(120))
    e164: Mapped[str] = mapped_column(String(32), default="", server_default="")
    last4: Mapped[str] = mapped_column(String(4), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0, server_default="0")

    client: Mapped[Client] = relationship(overlaps="telephones")
    contact_person: Mapped[ContactPerson | None] = relationship(back_populates="telephones")

    def __str__(self) -> str:
        return self.typed


class EmailAddress(Base):
    """An e-mail address as it was typed, and with its domain in lower case."""

    __tablename__ = "email_address"
    __table_args__ = (Index("ix_email_address_normal", "normal"), _of_persons("email_address"))

    client_id: Mapped[ClientId]
    contact_person_id: Mapped[int | None] = mapped_column(_to("contact_person"))
    typed: Mapped[str] = mapped_column(String(254))
    normal: Mapped[str] = mapped_column(String(254), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0, server_default="0")

    client: Mapped[Client] = relationship(overlaps="emails")
    contact_person: Mapped[ContactPerson | None] = relationship(back_populates="emails")

    def __str__(self) -> str:
        return self.typed
