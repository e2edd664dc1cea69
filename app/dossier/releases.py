"""The releases that records name, as their own records have them: a bundle is named by its content."""

from collections.abc import Iterable

from app.dossier.exhibit import Exhibit
from schemas.release import Bundle, ReleaseChanged
from schemas.topics import RELEASE_CHANGED
from tables.releases import Running


class ReleasesThen:
    """What each release added to the code that is installed here.

    `gaps` are sentences on those of which that is not known, for they stand on their topic no more.
    """

    def __init__(self, releases: Iterable[Exhibit], code: str) -> None:
        """`releases` are records of `release.changed`, in any order; `code` names the code that is installed here."""
        found = [each.event for each in releases if isinstance(each.event, ReleaseChanged)]
        self._bundles = {change.release_id: change.bundle for change in found if change.bundle is not None}
        self._bundles[code] = Bundle(code=code)
        self._code = code
        self._gone: dict[str, None] = {}

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return a sentence for each release that was asked for in vain."""
        return tuple(
            f"release {name} is not on {RELEASE_CHANGED.name} any more: the code ran alone" for name in self._gone
        )

    def known(self, name: str) -> Running | None:
        """Return the release of that name, None where it is of other code or stands nowhere any more."""
        bundle = self._bundles.get(name)
        return Running(name, bundle) if bundle is not None and bundle.code == self._code else None

    def then(self, name: str) -> Running:
        """Return what comes nearest to the release of that name: itself, or the code that is here, under its name."""
        found = self.known(name)
        if found is None and name.startswith(f"{self._code}."):
            self._gone[name] = None
        return found or Running(name, Bundle(code=self._code))
