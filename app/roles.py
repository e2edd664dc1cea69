"""What each role is made of: its agents, what they are given, and when they can work."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Self

from agents.decision.agent import decision
from agents.decision.policy import DEFAULT_POLICY
from agents.effects import Agent
from agents.extraction.agent import extraction
from agents.normalization.agent import normalization
from agents.payment.agent import payment
from agents.payment.calendar import requested_execution_date
from agents.review.agent import review
from agents.settlement.agent import cancellation, issuing, settlement
from agents.validation.agent import validation
from app.assistant import open_assistant
from app.documents import open_documents
from app.extraction import READER, SandboxedReader, StoredDocuments, documents_config
from app.memory import LedgerMemory
from app.ports import WorkerPorts
from app.processors import processors
from app.rules import OfficialRules
from app.sampling import Sampling
from app.sandbox import Sandbox
from app.settings import Settings
from app.signing import Signer, signer
from app.stream.application import StreamApplication
from app.stream.windows import RUNNING_MAX, Window
from app.suppliers_followed import FollowedSuppliers
from app.tenants import debtors
from schemas.payment import Debtor
from schemas.topics import (
    DOCUMENT_RECEIVED,
    INVOICE_EXTRACTED,
    INVOICE_NORMALIZED,
    INVOICE_VALIDATED,
    PAYMENT_CANCELLATION,
    PAYMENT_DECIDED,
    PAYMENT_ISSUED,
    PAYMENT_STATUS,
    REVIEW_SUBMITTED,
    Topic,
)

# Documents fetched ahead for each reading process: enough to keep it busy, few enough to hold in memory.
FETCHED_AHEAD = 2

# Makes a window that runs so many events at once.
NewWindow = Callable[[int], Window]


class Role:
    """One role: the agent of each topic, the windows to drain before partitions are given away, and its state."""

    def __init__(self) -> None:
        self.agents: dict[Topic, Agent] = {}
        self.windows: tuple[Window, ...] = ()

    def missing(self) -> list[str]:
        """Return what the role still waits for, a line each."""
        return []

    def assigned(self, partitions: Mapping[str, set[int]]) -> None:
        """Take note of the partitions by topic; tables are recovered."""

    def revoked(self) -> None:
        """Take note that partitions are being given away."""

    def sample(self, sampling: Sampling) -> None:
        """State what is measured when Prometheus asks."""


class ReaderRole(Role):
    """Extraction: no table, nothing to recover, free to come and go."""

    def __init__(self, rules: OfficialRules, sandbox: Sandbox) -> None:
        super().__init__()
        self._rules = rules
        self._sandbox = sandbox

    @classmethod
    async def open(cls, settings: Settings, ports: WorkerPorts, window: NewWindow, stack: AsyncExitStack) -> Self:
        """Open the document store and start the sandbox; `stack` closes them."""
        processes = settings.read_processes or processors()
        store = await stack.enter_async_context(open_documents(documents_config(settings)))
        sandbox = await stack.enter_async_context(Sandbox(READER, processes, watch=ports.tracing.child))
        rules = await stack.enter_async_context(OfficialRules())
        helper = await stack.enter_async_context(open_assistant(settings))
        rules.warm()
        required = settings.official_rules == "required"
        reader = SandboxedReader(sandbox, rules, rules_required=required, tracing=ports.tracing)
        role, own = cls(rules, sandbox), window(processes * (1 + FETCHED_AHEAD))
        role.windows = (own,)
        role.agents[DOCUMENT_RECEIVED] = extraction(ports, own, StoredDocuments(store, ports.tracing), reader, helper)
        return role

    def missing(self) -> list[str]:
        """Return what the role still waits for, a line each."""
        return [] if self._rules.is_warm else ["the official rules are being compiled"]

    def sample(self, sampling: Sampling) -> None:
        """State how the sandbox is."""
        sampling.sandbox(self._sandbox.deaths, self._sandbox.restarts)


class LedgerRole(Role):
    """Normalization to payment, settlement and review, with all that must be remembered."""

    def __init__(self, memory: LedgerMemory, suppliers: FollowedSuppliers) -> None:
        super().__init__()
        self._memory = memory
        self._suppliers = suppliers

    @classmethod
    async def open(
        cls, settings: Settings, ports: WorkerPorts, window: NewWindow, stack: AsyncExitStack, app: StreamApplication
    ) -> Self:
        """Declare the tables and begin to follow the suppliers; `stack` stops it."""
        requested_execution_date(ports.now(), None)  # loads the bank holidays: 0.2 s that no payment then waits for
        suppliers, memory, payers = FollowedSuppliers(settings), LedgerMemory(app, settings), debtors(settings)
        sign = signer(settings.signing_key_file)
        suppliers.follower.start()
        stack.push_async_callback(suppliers.follower.stop)
        role = cls(memory, suppliers)
        role.wire(ports, window, payers, sign)
        return role

    def wire(self, ports: WorkerPorts, window: NewWindow, payers: Mapping[str, Debtor], sign: Signer) -> None:
        """Make the agents. One window where agents share keys: an invoice, or a command, is in one hand at a time.

        Apart from `open`, which only fetches things, so that the simulator works with exactly these (tests/simulation).
        """
        memory, suppliers = self._memory, self._suppliers
        free, invoices, commands, files = (window(RUNNING_MAX) for _ in range(4))
        self.windows = (free, invoices, commands, files)
        self.agents = {
            INVOICE_EXTRACTED: normalization(ports, free, memory, suppliers),
            INVOICE_NORMALIZED: validation(ports, free, suppliers, payers),
            INVOICE_VALIDATED: decision(ports, invoices, memory, payers, DEFAULT_POLICY),
            REVIEW_SUBMITTED: review(ports, invoices, memory, suppliers),
            PAYMENT_DECIDED: payment(ports, commands, memory, payers, sign),
            PAYMENT_ISSUED: issuing(ports, files, memory),
            PAYMENT_STATUS: settlement(ports, files, memory),
            PAYMENT_CANCELLATION: cancellation(ports, files, memory),
        }

    def missing(self) -> list[str]:
        """Return what the role still waits for, a line each."""
        waits = {
            "the supplier directory is being read": not self._suppliers.follower.is_caught_up,
            "the payment ledger is being read": not self._memory.is_read,
        }
        return [line for line, true in waits.items() if true]

    def assigned(self, partitions: Mapping[str, set[int]]) -> None:
        """Read the ledger's tail of each partition of ours."""
        self._memory.assigned(partitions.get(PAYMENT_DECIDED.name, set()))

    def revoked(self) -> None:
        """Forget what was read of the ledger."""
        self._memory.revoked()
