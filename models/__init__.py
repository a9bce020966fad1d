"""The tables. Importing this package loads every one of them, and nothing else."""

from models.assignment import CuratorPeriod
from models.base import Base
from models.bulk import BulkAct, BulkRow
from models.clients import Client, ContactPerson, EmailAddress, Telephone
from models.imports import ImportRow, ImportRun
from models.interactions import Interaction
from models.journal import JournalEntry, JournalHead
from models.lists import ListLayout, SavedFilter
from models.once import FormOnce
from models.people import OneTimeLink, SignInAttempt, SignInSession, User
from models.reference import Channel, ClientGroup, Industry, InteractionKind, Region, Result, Tag

__all__ = [
    "Base",
    "BulkAct",
    "BulkRow",
    "Channel",
    "Client",
    "ClientGroup",
    "ContactPerson",
    "CuratorPeriod",
    "EmailAddress",
    "FormOnce",
    "ImportRow",
    "ImportRun",
    "Industry",
    "Interaction",
    "InteractionKind",
    "JournalEntry",
    "JournalHead",
    "ListLayout",
    "OneTimeLink",
    "Region",
    "Result",
    "SavedFilter",
    "SignInAttempt",
    "SignInSession",
    "Tag",
    "Telephone",
    "User",
]
