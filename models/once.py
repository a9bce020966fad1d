"""Forms that have been sent: the second time one arrives, it leads to the record the first time made."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UserId


class FormOnce(Base):
    """One form that made a record. ``key`` is a hash of the form's own secret and of what was typed in it."""

    __tablename__ = "form_once"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[UserId]
    at: Mapped[datetime] = mapped_column(index=True)
    made: Mapped[str] = mapped_column(String(400), default="", server_default="")
