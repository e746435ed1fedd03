"""One measured figure beside its limit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` must reach `limit`, from below when `at_least`, else from above."""

    what: str
    value: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the limit is kept."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def said(self) -> str:
        """One line for people."""
        sign = "≥" if self.at_least else "≤"
        verdict = "met" if self.is_met else "MISSED"
        return f"{verdict:6}  {self.what}: {self.value:,.2f} {self.unit} ({sign} {self.limit:,g})"
