"""People who sign in, and what guards their door."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Name, UserId
from models.kinds import KpiLook, Language, Role, Theme


class User(Base):
    """Someone of the department: manager, head, colleague or admin. Deactivated, never deleted.

    Who is not active has left, at ``left_at``.
    """

    __tablename__ = "app_user"
    __table_args__ = (CheckConstraint("login <> '' AND login = lower(login)", name="login_in_lower_case"),)

    name: Mapped[Name]
    login: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[Role] = mapped_column(default=Role.manager)
    email: Mapped[str] = mapped_column(String(200), default="", server_default="")
    telephone: Mapped[str] = mapped_column(String(60), default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True, server_default="1")
    language: Mapped[Language | None]
    theme: Mapped[Theme] = mapped_column(default=Theme.system, server_default="system")
    kpi_look: Mapped[KpiLook] = mapped_column(default=KpiLook.missed, server_default="missed")
    password_hash: Mapped[str] = mapped_column(String(300), default="", server_default="")
    session_epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    def get_id(self) -> str:
        """How the session cookie begins; a new epoch makes every older cookie worthless."""
        return f"{self.id}.{self.session_epoch}"

    def __str__(self) -> str:
        return self.name


class SignInSession(Base):
    """Somebody signed in by one browser, until it ends. Of the secret in its cookie only the hash is kept."""

    __tablename__ = "sign_in_session"

    user_id: Mapped[UserId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One refused sign-in: what throttling counts, whichever web process saw it."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_login_at", "login", "at"),
        Index("ix_sign_in_attempt_address_at", "address", "at"),
    )

    login: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class OneTimeLink(Base):
    """A secret link that works once: it makes the first admin, or sets a password. Only its hash is kept."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
