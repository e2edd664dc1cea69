"""How many tokens a day may cost. Counted in each process: a restart begins anew, several workers have one each."""

from collections.abc import Callable
from datetime import date, datetime


class Budget:
    """Spends tokens until the day's are gone. Nothing is asked that might go beyond them."""

    def __init__(self, tokens_a_day: int, now: Callable[[], datetime]) -> None:
        """`now` is the clock, in UTC."""
        self._tokens = tokens_a_day
        self._now = now
        self._day: date | None = None
        self._spent = 0

    def reserve(self, tokens: int) -> bool:
        """Take tokens for one question, and tell whether there were so many left."""
        today = self._now().date()
        if today != self._day:
            self._day, self._spent = today, 0
        if self._spent + tokens > self._tokens:
            return False
        self._spent += tokens
        return True

    def settle(self, reserved: int, spent: int | None) -> None:
        """Put right what was reserved by what it cost, where the endpoint says so; nothing costs nothing."""
        if spent is not None and spent > 0:
            self._spent += spent - reserved
