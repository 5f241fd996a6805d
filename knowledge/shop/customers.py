"""Customers: finding them, proving who they are, and changing what the shop knows about them."""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import func, select

from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.folding import email_key, fold, name_keys, postcode_key
from knowledge.shop.ledger import Plan, role_of
from knowledge.shop.orders import Orders
from knowledge.shop.postal import check_address, stored_address
from knowledge.shop.proof_tries import ProofTries
from knowledge.shop.rows import customer_from
from knowledge.shop.schema import AuditRow, CustomerRow, OrderRow
from knowledge.shop.types import Address, Customer, Language, Receipt

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class Customers(Orders):
    def customer(self, customer_id: str) -> Customer | None:
        row = self._session.get(CustomerRow, customer_id)
        return customer_from(row) if row else None

    def find_customer_by_email(self, email: str) -> Customer | None:
        row = self._by_email(email)
        return customer_from(row) if row else None

    def find_customers_by_name_and_postcode(
        self, first_name: str, last_name: str, postcode: str, *, full_name: str | None = None
    ) -> list[Customer]:
        """Everyone of that name and postcode. `full_name` ("王伟", "Yusuf Rossi") may stand for the two names."""
        query = select(CustomerRow).where(CustomerRow.postcode_key == postcode_key(postcode))
        wanted = fold(full_name) if full_name is not None else fold(first_name + last_name)
        return [customer_from(row) for row in self._session.scalars(query) if wanted and wanted in _names(row)]

    def identify(
        self,
        *,
        order_number: str | None = None,
        email: str | None = None,
        full_name: str | None = None,
        postcode: str | None = None,
        conversation_id: str | None = None,
    ) -> Customer | None:
        """The one customer whom what was said proves, by `policy.identification`; None otherwise, whatever is wrong.

        A wrong proof is counted: after `policy.identification_tries` even the right one gets None, like a wrong one.
        """
        said = {"order_number": order_number, "email": email, "name": full_name, "postcode": postcode}
        given = {part: text for part, text in said.items() if text and text.strip()}
        proofs = [proof.split("+") for proof in self.policy.identification if set(proof.split("+")) <= given.keys()]
        tried = {part: given[part] for proof in proofs for part in proof}
        tries = ProofTries(self._session, self.policy.identification_tries, self._now)
        if not tried or tries.are_used_up(tried, conversation_id):
            return None
        for proof in proofs:
            if (found := self._proven({part: given[part] for part in proof})) is not None:
                return customer_from(found)
        self._before_write()
        tries.count(tried, conversation_id)
        return None

    def change_default_address(
        self, customer_id: str, address: Address, *, key: str, actor: str, dry_run: bool = False
    ) -> Receipt:
        """Where future orders go. Orders that exist keep their own address. Facts: was_already."""

        def plan() -> Plan:
            customer = self._own_customer(customer_id, actor)
            check_address(address)
            facts = {"was_already": customer.address == stored_address(address)}

            def apply() -> None:
                customer.address = stored_address(address)
                customer.postcode_key = postcode_key(address.postcode)

            return Plan(apply, facts, customer_id=customer_id)

        roles = self.policy.account.roles
        return self._perform("change_default_address", key, actor, plan, roles=roles, dry_run=dry_run)

    def create_customer(
        self,
        email: str,
        first_name: str,
        last_name: str,
        *,
        key: str,
        actor: str,
        phone: str | None = None,
        locale: Language = "en",
        address: Address | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Open an account. Facts: customer_id. Refused: an e-mail that is taken or is none, too many in a day."""

        def plan() -> Plan:
            self._check_openings(actor)
            self._check_new_email(email, None)
            if address is not None:
                check_address(address)
            customer_id = f"c_{secrets.token_hex(6)}"

            def apply() -> None:
                row = CustomerRow(
                    customer_id=customer_id,
                    email=email.strip(),
                    email_key=email_key(email),
                    first_name=first_name.strip(),
                    last_name=last_name.strip(),
                    phone=phone,
                    locale=locale,
                    address=stored_address(address) if address else None,
                    postcode_key=postcode_key(address.postcode) if address else None,
                    created_at=self._now(),
                )
                self._session.add(row)

            return Plan(apply, {"customer_id": customer_id}, customer_id=customer_id)

        roles = self.policy.account.roles
        return self._perform("create_customer", key, actor, plan, roles=roles, dry_run=dry_run)

    def edit_customer(
        self,
        customer_id: str,
        *,
        key: str,
        actor: str,
        first_name: str | None = None,
        last_name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        locale: Language | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Change the parts that are given. Facts: changed (names of the fields)."""
        wanted = {"first_name": first_name, "last_name": last_name, "phone": phone, "email": email, "locale": locale}
        given = {name: value.strip() for name, value in wanted.items() if value is not None}

        def plan() -> Plan:
            customer = self._own_customer(customer_id, actor)
            if "email" in given:
                self._check_new_email(given["email"], customer_id)

            def apply() -> None:
                _overwrite(customer, given)

            return Plan(apply, {"changed": sorted(given)}, customer_id=customer_id)

        roles = self.policy.account.roles
        return self._perform("edit_customer", key, actor, plan, roles=roles, dry_run=dry_run)

    def set_newsletter_consent(
        self, customer_id: str, consent: bool, *, key: str, actor: str, dry_run: bool = False
    ) -> Receipt:
        """Record a yes or a no, and when it was given. Facts: consent, was_already."""

        def plan() -> Plan:
            customer = self._own_customer(customer_id, actor)

            def apply() -> None:
                customer.newsletter_consent = consent
                customer.newsletter_consent_at = self._now()

            facts = {"consent": consent, "was_already": customer.newsletter_consent == consent}
            return Plan(apply, facts, customer_id=customer_id)

        roles = self.policy.account.roles
        return self._perform("set_newsletter_consent", key, actor, plan, roles=roles, dry_run=dry_run)

    def _by_email(self, email: str) -> CustomerRow | None:
        return self._session.scalars(select(CustomerRow).where(CustomerRow.email_key == email_key(email))).one_or_none()

    def _proven(self, given: Mapping[str, str]) -> CustomerRow | None:
        order = self._order_row(given["order_number"]) if "order_number" in given else None
        if "order_number" in given:
            candidates: Iterable[CustomerRow] = [order.customer] if order else []
        elif "email" in given:
            found = self._by_email(given["email"])
            candidates = [found] if found else []
        elif {"name", "postcode"} <= set(given):
            query = select(CustomerRow).where(CustomerRow.postcode_key == postcode_key(given["postcode"]))
            candidates = self._session.scalars(query).all()
        else:
            return None
        agreeing = [row for row in candidates if _agrees(row, order, given)]
        return agreeing[0] if len(agreeing) == 1 else None

    def _check_openings(self, actor: str) -> None:
        """Looked at first, so that being refused tells nothing about the e-mail."""
        opened = select(func.count()).where(
            AuditRow.actor == actor,
            AuditRow.operation == "create_customer",
            AuditRow.at > self._now() - timedelta(days=1),
        )
        if role_of(actor) == "customer" and (self._session.scalar(opened) or 0) >= self.policy.account.openings_a_day:
            raise Refused(RefusalCode.NOT_ALLOWED_BY_POLICY, operation="create_customer")

    def _check_new_email(self, email: str, customer_id: str | None) -> None:
        if not _EMAIL.fullmatch(email.strip()):
            raise Refused(RefusalCode.EMAIL_INVALID)
        holder = self._by_email(email)
        if holder is not None and holder.customer_id != customer_id:
            raise Refused(RefusalCode.EMAIL_TAKEN)


def _names(row: CustomerRow) -> frozenset[str]:
    return name_keys(row.first_name, row.last_name)


def _agrees(row: CustomerRow, order: OrderRow | None, given: Mapping[str, str]) -> bool:
    """Whether everything said fits this customer; the postcode may be the order's own."""
    if "email" in given and email_key(given["email"]) != row.email_key:
        return False
    if "name" in given and fold(given["name"]) not in _names(row):
        return False
    if "postcode" not in given:
        return True
    postcodes = {row.postcode_key} | ({postcode_key(order.address["postcode"])} if order else set())
    return postcode_key(given["postcode"]) in postcodes


def _overwrite(customer: CustomerRow, given: Mapping[str, str]) -> None:
    for name, value in given.items():
        setattr(customer, name, value)
    customer.email_key = email_key(customer.email)
