"""The tables. Importing this package loads every one of them, and nothing else."""

from models.assignment import (
    Absence,
    CuratorPeriod,
    FirstTouchDecision,
    HandoverOffer,
    SeenAfterAbsence,
    Substitution,
)
from models.base import Base
from models.bulk import BulkAct, BulkRow
from models.clients import Client, ContactPerson, EmailAddress, Telephone
from models.grouping import AxisPoint, GroupRule, GroupStanding
from models.imports import ImportRow, ImportRun
from models.interactions import Interaction
from models.journal import JournalAnchor, JournalAnchorEnd, JournalEntry, JournalHead
from models.kpi import Alarm, KpiMark, Norm, RecordCost, ReportLetter
from models.lists import ListLayout, SavedFilter
from models.notices import Notice
from models.once import FormOnce
from models.people import OneTimeLink, SignInAttempt, SignInSession, User
from models.promises import Promise, Wish
from models.recurring import RecurringPlan
from models.reference import (
    Channel,
    ClientGroup,
    DepartmentRule,
    Industry,
    InteractionKind,
    Region,
    Result,
    Tag,
)
from models.reminders import CalendarLink, JobRun, Letter, NoticeChoice, NoticeTimes
from models.silence import SilenceTalk
from models.tasks import Attachment, ClientTask, Comment

__all__ = [
    "Absence",
    "Alarm",
    "Attachment",
    "AxisPoint",
    "Base",
    "BulkAct",
    "BulkRow",
    "CalendarLink",
    "Channel",
    "Client",
    "ClientGroup",
    "ClientTask",
    "Comment",
    "ContactPerson",
    "CuratorPeriod",
    "DepartmentRule",
    "EmailAddress",
    "FirstTouchDecision",
    "FormOnce",
    "GroupRule",
    "GroupStanding",
    "HandoverOffer",
    "ImportRow",
    "ImportRun",
    "Industry",
    "Interaction",
    "InteractionKind",
    "JobRun",
    "JournalAnchor",
    "JournalAnchorEnd",
    "JournalEntry",
    "JournalHead",
    "KpiMark",
    "Letter",
    "ListLayout",
    "Norm",
    "Notice",
    "NoticeChoice",
    "NoticeTimes",
    "OneTimeLink",
    "Promise",
    "RecordCost",
    "RecurringPlan",
    "Region",
    "ReportLetter",
    "Result",
    "SavedFilter",
    "SeenAfterAbsence",
    "SignInAttempt",
    "SignInSession",
    "SilenceTalk",
    "Substitution",
    "Tag",
    "Telephone",
    "User",
    "Wish",
]
