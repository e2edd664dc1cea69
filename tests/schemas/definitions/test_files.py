"""The committed contracts are what the code says, and every example keeps them."""

import base64
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rfc8785
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contracts.asyncapi import file_of
from app.contracts.files import COMMITTED, broken, contract_files
from app.contracts.json_schema import json_schema
from schemas.accounts import iban_fault
from schemas.codec import decode, encode
from schemas.identifiers import command_id, uetr
from schemas.payment import PaymentInitiated
from schemas.topics import PAYMENT_INITIATED, READ_BY_STAGES, TOPICS, Topic
from tests.schemas.strategies import records

HOW = "run: .venv/bin/quittance schemas export schemas/definitions"
EXAMPLES = [
    pytest.param(topic, path, id=f"{topic.name}/{path.stem}")
    for topic in TOPICS
    for path in sorted((COMMITTED / topic.name / "examples").glob("*.json"))
]
SIGNED = COMMITTED / "payment.initiated" / "examples" / "sct-signed.json"


def _validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def _committed(topic: Topic) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads((COMMITTED / file_of(topic)).read_text("utf-8"))
    return tree


class TestCommittedFiles:
    def test_nothing_that_was_promised_is_broken(self) -> None:
        changes = {name: [str(change) for change in found] for name, found in broken(COMMITTED).items()}
        assert not changes, "a breaking change needs a new version beside the old one (CONTRIBUTING.md)"

    @pytest.mark.parametrize(("name", "text"), contract_files().items(), ids=contract_files().keys())
    def test_each_is_what_is_generated(self, name: str, text: str) -> None:
        path = COMMITTED / name
        assert path.is_file(), HOW
        assert path.read_text("utf-8") == text, HOW

    def test_there_is_nothing_else(self) -> None:
        found = {path.relative_to(COMMITTED).as_posix() for path in COMMITTED.rglob("*") if path.is_file()}
        examples = {name for name in found if "/examples/" in name}
        assert found - examples - {"example-signing-key.jwk.json"} == set(contract_files())
        assert {name.partition("/")[0] for name in examples} == {topic.name for topic in TOPICS}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
class TestSchema:
    def test_it_is_a_json_schema_that_names_its_topic(self, topic: Topic) -> None:
        schema = _committed(topic)
        jsonschema.Draft202012Validator.check_schema(schema)
        assert (schema["x-topic"], schema["x-owner"], schema["x-key"]) == (topic.name, topic.owner, topic.key)
        assert schema["x-meaning"]
        assert schema["description"]

    @given(data=st.data())
    @settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    def test_every_record_that_we_can_write_keeps_it(self, topic: Topic, data: st.DataObject) -> None:
        record = data.draw(records(topic.event))
        _validator(json_schema(topic)).validate(json.loads(encode(record)))


def test_business_terms_carry_their_numbers() -> None:
    tree = json.loads((COMMITTED / "invoice.normalized" / "1.schema.json").read_text("utf-8"))
    totals = tree["$defs"]["DocumentTotals"]["properties"]
    assert totals["amount_due_for_payment"]["description"] == "BT-115"
    assert "payment_account_identifier: BT-84" in tree["properties"]["confidence"]["propertyNames"]["description"]


@pytest.mark.parametrize(("topic", "path"), EXAMPLES)
class TestExample:
    def test_it_keeps_its_schema(self, topic: Topic, path: Path) -> None:
        _validator(_committed(topic)).validate(json.loads(path.read_text("utf-8")))

    def test_it_is_decoded_and_nothing_in_it_is_passed_over(self, topic: Topic, path: Path) -> None:
        value = path.read_bytes()
        again = json.loads(encode(decode(value, topic.event)))
        assert not list(_lost(json.loads(value), again, ""))


def _lost(stated: Any, kept: Any, path: str) -> Any:
    """Yield the members of an example that a decoder would not see; moments may be written differently."""
    if isinstance(stated, dict):
        for name, value in stated.items():
            yield from _lost(value, kept.get(name, "nothing"), f"{path}.{name}")
    elif isinstance(stated, list):
        for place, (value, other) in enumerate(zip(stated, kept, strict=True)):
            yield from _lost(value, other, f"{path}[{place}]")
    elif stated != kept and not (str(stated).endswith("Z") and str(kept).endswith("Z")):
        yield path, stated, kept


class TestMoneyExamples:
    @pytest.fixture(params=sorted(SIGNED.parent.glob("*.json")), ids=lambda path: path.stem)
    def initiated(self, request: pytest.FixtureRequest) -> PaymentInitiated:
        return decode(request.param.read_bytes(), PaymentInitiated)

    def test_identifiers_follow_from_the_invoice(self, initiated: PaymentInitiated) -> None:
        number = {"atelier-lumiere": "F2026-0042", "bergblick": "2026/118"}[initiated.supplier_id]
        assert initiated.command_id == command_id(initiated.tenant, initiated.supplier_id, number)
        assert initiated.end_to_end_identification == initiated.command_id
        assert initiated.uetr == uetr(initiated.command_id)

    def test_both_accounts_are_good(self, initiated: PaymentInitiated) -> None:
        assert iban_fault(initiated.creditor_account) is None
        assert iban_fault(initiated.debtor_account) is None

    def test_a_consumer_can_verify_the_signature_with_what_is_published(self) -> None:
        """As README says it, without a line of ours: parse, take the signature out, canonicalise, verify."""
        record = json.loads(SIGNED.read_bytes())
        key = json.loads((COMMITTED / "example-signing-key.jwk.json").read_text("utf-8"))
        header, payload, signature = record.pop("signature").split(".")
        assert payload == ""
        assert json.loads(_unpadded(header)) == {"alg": "EdDSA", "kid": key["kid"]}
        signed = header.encode() + b"." + base64.urlsafe_b64encode(rfc8785.dumps(record)).rstrip(b"=")
        Ed25519PublicKey.from_public_bytes(_unpadded(key["x"])).verify(_unpadded(signature), signed)


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class TestAsyncApi:
    @pytest.fixture
    def document(self) -> dict[str, Any]:
        tree: dict[str, Any] = yaml.safe_load((COMMITTED / "asyncapi.yaml").read_text("utf-8"))
        return tree

    def test_every_topic_and_every_dead_letter_topic_is_a_channel(self, document: dict[str, Any]) -> None:
        dead = {topic.dead for topic in READ_BY_STAGES}
        assert set(document["channels"]) == {topic.name for topic in TOPICS} | dead

    def test_every_reference_leads_somewhere(self, document: dict[str, Any]) -> None:
        for reference in _references(document):
            if reference.startswith("./"):
                assert (COMMITTED / reference).is_file(), reference
                continue
            branch: Any = document
            for step in reference.removeprefix("#/").split("/"):
                branch = branch[step]

    def test_payment_engines_write_status_and_nobody_outside_writes_money(self, document: dict[str, Any]) -> None:
        received = {
            operation["channel"]["$ref"]
            for operation in document["operations"].values()
            if operation["action"] == "receive"
        }
        assert received == {
            "#/channels/document.received",
            "#/channels/payment.status",
            "#/channels/supplier.changed",
        }

    def test_the_money_topic_is_kept_for_ever(self, document: dict[str, Any]) -> None:
        binding = document["channels"][PAYMENT_INITIATED.name]["bindings"]["kafka"]
        assert binding["topicConfiguration"] == {"cleanup.policy": ["delete"], "retention.ms": -1}


def _references(tree: Any) -> Any:
    if isinstance(tree, dict):
        yield from ([tree["$ref"]] if "$ref" in tree else [])
        for branch in tree.values():
            yield from _references(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _references(branch)
