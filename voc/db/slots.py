"""Which scheduled thing was begun for which day: the unique row lets only one scheduler do it."""

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from voc.db.base import Base


class Slot(Base):
    """One day's turn of one scheduled thing."""

    __tablename__ = "slot"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    slot_on: Mapped[date] = mapped_column(Date, primary_key=True)
    taken_at: Mapped[datetime]
