"""The script of the quality demo, chapter by chapter; each one waits for what it promises, or the demo has failed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from app.local.demo import publish
from app.local.quality import bad, golden
from app.local.quality.chart import Phase
from app.local.quality.commands import Commands
from app.local.quality.observer import NeverCame, Observed, Observer
from app.local.quality.office import Office, Refused
from app.local.quality.papers import WaterBill, town_supplier
from app.local.samples import Sample
from app.release import release_id
from app.settings import Settings
from schemas.codec import encode
from schemas.evidence import FieldName
from schemas.release import Bundle

GUARD = "quality-guard"
FIELD: FieldName = "invoice_number"
CAUSE = "wrong_candidate"
# How many documents each chapter sends: bills of the town, and other suppliers' invoices beside them.
TAUGHT, SHADOWED, BESIDE_SHADOW, DECIDED, BESIDE_CANARY, AFTER, BESIDE_TIMID = 5, 10, 30, 12, 108, 10, 150
HALF = 0.5
APPROVED_SECONDS, APPROVALS_MAX = 10.0, 5
# While a supplier is new, a person looks at each of its bills: above this sum, that is always.
PROBATION_LIMIT = "1.00"


class Broken(Exception):  # noqa: N818 - it says what happened
    """Something else happened than the script promises; the message says what."""


@dataclass
class Story:
    """The world so far: what was sent, and how the bills of the town were read in each phase."""

    settings: Settings
    office: Office
    observer: Observer
    commands: Commands
    others: list[Sample]
    folder: Path
    console: Console
    phases: list[Phase] = field(default_factory=list)
    _month: int = 0

    @property
    def seen(self) -> Observed:
        """Return what the topics have told so far."""
        return self.observer.seen

    async def learn(self) -> None:
        """A new supplier's bills are read wrongly; a reviewer corrects five, and the cause is named."""
        self._say("1  A new supplier: its number stands where nobody looks for it")
        bills = await self._send("code alone", TAUGHT, 0)
        await self.office.enter(town_supplier(), amount_limit=PROBATION_LIMIT)
        await self._approve(bills)
        await self.observer.until("five corrections", lambda seen: len(seen.feedback) >= TAUGHT)
        found = await self.office.ask("ada", "GET", "/v1/quality/causes?by=layout")
        first = next(item for item in found["items"] if item["documents"] >= TAUGHT)
        self._demand(first["cause"] == CAUSE, f"the cause is {first['cause']}, expected {CAUSE}")
        self._say(f"   cause: {first['cause']} - {first['examples'][0]['evidence']}")

    async def propose(self) -> Bundle:
        """Cases are made of the corrections, and a release of the cases; it passes its regression."""
        self._say("2  From corrections to a release")
        await self.commands.must("quality", "cases", "gather", "--consent", "contract")
        golden.write(self.folder / "golden", golden.papers())
        file = self.folder / "proposed.json"
        said = await self.commands.must("quality", "propose", "--by", "ada", "--out", str(file))
        bundle = Bundle.model_validate_json(file.read_bytes())
        self._say(f"   {said.strip()}")
        await self.commands.must("release", "draft", str(file))
        report = await self._regress(bundle, passes=True)
        self._say("   " + report.strip().splitlines()[-1])
        return bundle

    async def shadow(self, bundle: Bundle) -> None:
        """The release looks on: it reads the bills rightly, and nothing that it reads is paid."""
        self._say("3  Shadow: it looks on at everything and decides nothing")
        await self.office.step("ada", bundle.release_id, "shadow", share=1.0)
        bills = await self._send("shadow looks on", SHADOWED, BESIDE_SHADOW)
        names = {bill.document_id for bill in bills}
        await self.observer.until("the shadow's word on each bill", lambda seen: names <= _compared(seen, "shadow"))
        differ = {name for (why, name), one in self.seen.compared.items() if why == "shadow" and one.differs}
        self._demand(
            differ == names, f"{len(differ - names)} other documents differ, {len(names - differ)} bills do not"
        )
        paid = {command.release for command in self.seen.commands.values()}
        self._demand(bundle.release_id not in paid, "a command names the shadow")
        self._say(f"   it differs on {len(differ)} documents, all of them bills of the town; no command is its own")
        await self._approve(bills)

    async def deploy(self, bundle: Bundle) -> None:
        """Half of the documents, then all of them: two persons promote, and one ends the comparison."""
        self._say("4  Canary: it decides half of the documents")
        await self.office.step("ada", bundle.release_id, "canary", share=HALF)
        bills = await self._send("canary, 50 %", DECIDED, BESIDE_CANARY)
        await self._approve(bills)
        self._demand(self.seen.releases[bundle.release_id].state == "canary", "the guard took a good canary back")
        self._say("5  Promotion: Ada asks, Bob agrees")
        waiting = await self.office.step("ada", bundle.release_id, "promote")
        self._demand(waiting["state"] == "canary", "one person alone has promoted a release")
        promoted = await self.office.step("bob", bundle.release_id, "promote")
        self._demand(promoted["holdback"] > 0, "nothing is left to compare the release in force with")
        kept = f"{promoted['holdback']:.0%}"
        self._say(f"   {kept} stay with the code alone for a week, unless somebody settles it: Ada does")
        await self.office.step("ada", bundle.release_id, "settle", reason="the demo has no week")
        await self.office.enter(town_supplier())  # the probation is over
        bills = await self._send("promoted", AFTER, 0)
        self._demand(self.phases[-1].rate == 0.0, "bills are still read wrongly")
        states = {self.seen.statuses[bill.document_id].state for bill in bills}
        self._demand("held" not in states, "a bill is still held")
        self._say(
            f"   read wrongly before {self.phases[0].rate:.0%}, after {self.phases[-1].rate:.0%}; all paid at once"
        )

    async def refuse(self) -> None:
        """A planted release that reads wrongly does not pass the gate, and can go nowhere."""
        self._say("6  A bad release: the gate")
        bundle = bad.misreading(release_id())
        await self._draft(bundle)
        report = await self._regress(bundle, passes=False)
        self._say("   " + next(line for line in report.splitlines() if line.startswith("REFUSED")))
        try:
            await self.office.step("ada", bundle.release_id, "shadow", share=HALF)
        except Refused:
            self._say("   the API refuses to go on with it")
        else:
            raise Broken("an untested release became a shadow")

    async def take_back(self) -> None:
        """Another one is let through by hand; the guard takes it back."""
        self._say("7  Another one, let through by hand: the guard")
        bundle = bad.timid(release_id())
        await self._draft(bundle)
        why = {"override": True, "reason": "planted by the demo"}
        await self.office.step("ada", bundle.release_id, "canary", share=HALF, **why)
        await self._send("", 0, BESIDE_TIMID)
        await self.observer.until("the guard's word", lambda seen: seen.releases[bundle.release_id].state == "retired")
        last = self.seen.releases[bundle.release_id]
        self._demand(last.changed_by == GUARD, f"{last.changed_by} took it back")
        self._say(f"   retired by {last.changed_by}: {last.reason}")

    async def _send(self, phase: str, bills: int, beside: int) -> list[Sample]:
        """Send bills of the town among other documents, wait for all of them, and note how the bills were read."""
        months = range(self._month, self._month + bills)
        self._month += bills
        own = [WaterBill(month).sample() for month in months]
        others, self.others = self.others[:beside], self.others[beside:]
        sent = _mixed(own, others)
        await publish(self.settings, sent)
        names = {sample.document_id for sample in sent}
        await self.observer.until(phase or "all documents", lambda seen: all(map(seen.settled, names)))
        if own:
            wrong = tuple(self.seen.number(bill.document_id) != bill.truth[FIELD] for bill in own)
            self.phases.append(Phase(phase, wrong))
        return own

    async def _approve(self, bills: Sequence[Sample]) -> None:
        """Let Rita correct the bills that are wrong, and then Paul approve all of them."""
        for bill in bills:
            if self.seen.number(bill.document_id) != bill.truth[FIELD]:
                await self.office.correct(bill.document_id, {FIELD: str(bill.truth[FIELD])})
                await self.observer.until("the corrected bill", partial(_is_corrected, bill.document_id))
        for bill in bills:
            await self._paid(bill)

    async def _paid(self, bill: Sample) -> None:
        """Approve one bill. An approval of what was decided anew meanwhile is refused, and given again."""
        for _ in range(APPROVALS_MAX):
            await self.office.approve_when_shown(bill.document_id, str(bill.truth[FIELD]))
            with suppress(NeverCame):
                await self.observer.until(
                    "the command", lambda seen: bill.command_id in seen.commands, APPROVED_SECONDS
                )
                return
        raise Broken(f"{bill.name} was approved and is not paid: {self.seen.statuses[bill.document_id].reasons}")

    async def _draft(self, bundle: Bundle) -> None:
        file = self.folder / f"{bundle.release_id}.json"
        file.write_bytes(encode(bundle))
        await self.commands.must("release", "draft", str(file))

    async def _regress(self, bundle: Bundle, *, passes: bool) -> str:
        asked = ("--candidate", bundle.release_id, "--baseline", "code", "--golden", str(self.folder / "golden"))
        code, said = await self.commands.run("quality", "regress", *asked, "--record")
        self._demand((code == 0) == passes, f"the regression ended with {code}: {said[-500:]}")
        return said

    def _demand(self, true: Any, otherwise: str) -> None:
        if not true:
            raise Broken(otherwise)

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False)


def _is_corrected(document_id: str, seen: Observed) -> bool:
    status = seen.statuses.get(document_id)
    return status is not None and status.state == "held" and "CORRECTED" in status.reasons


def _compared(seen: Observed, purpose: str) -> set[str]:
    return {name for why, name in seen.compared if why == purpose}


def _mixed(own: Sequence[Sample], others: Sequence[Sample]) -> list[Sample]:
    """Return both, the few spread evenly among the many."""
    if not own or not others:
        return [*own, *others]
    step = len(others) / len(own)
    mixed: list[Sample] = []
    for index, bill in enumerate(own):
        mixed += [bill, *others[round(index * step) : round((index + 1) * step)]]
    return mixed
