"""What a person or another system will carry on with: tickets, problems with a parcel, invoices, data requests."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from sqlalchemy import select

from knowledge.shop.customers import Customers
from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.item_changes import lines_of
from knowledge.shop.ledger import Plan, may_act_for
from knowledge.shop.policy import Role
from knowledge.shop.rows import ticket_from
from knowledge.shop.schema import OrderRow, TicketRow
from knowledge.shop.types import Fact, OrderStatus, ProblemKind, Receipt, Ticket

UNDER_WAY = (
    OrderStatus.PENDING,
    OrderStatus.PENDING_ITEM_MODIFIED,
    OrderStatus.PROCESSED,
    OrderStatus.SHIPPED,
    OrderStatus.RETURN_REQUESTED,
    OrderStatus.EXCHANGE_REQUESTED,
)
_EVERYONE: frozenset[Role] = frozenset(get_args(Role))
_STAFF: frozenset[Role] = frozenset({"agent", "admin"})
_UNAMBIGUOUS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Service(Customers):
    def ticket(self, ticket_number: str) -> Ticket | None:
        row = self._ticket_row(ticket_number)
        return ticket_from(row) if row else None

    def open_tickets(self, kind: str | None = None) -> list[Ticket]:
        """What waits for a person, oldest first; of one kind, or all."""
        query = select(TicketRow).where(TicketRow.status != "solved").order_by(TicketRow.ticket_id)
        if kind is not None:
            query = query.where(TicketRow.kind == kind)
        return [ticket_from(row) for row in self._session.scalars(query)]

    def tickets_of(self, customer_id: str) -> list[Ticket]:
        """The customer's tickets, newest first."""
        query = select(TicketRow).where(TicketRow.customer_id == customer_id).order_by(TicketRow.ticket_id.desc())
        return [ticket_from(row) for row in self._session.scalars(query)]

    def solve_ticket(self, ticket_number: str, *, key: str, actor: str, dry_run: bool = False) -> Receipt:
        """Mark it done, for the shop's people only. LookupError where there is no such ticket. Facts: ticket_number."""

        def plan() -> Plan:
            row = self._ticket_row(ticket_number)
            if row is None:
                raise LookupError(f"there is no ticket {ticket_number}")

            def apply() -> None:
                row.status = "solved"

            facts = {"ticket_number": row.ticket_number}
            return Plan(apply, facts, order_number=row.order_number, customer_id=row.customer_id)

        return self._perform("solve_ticket", key, actor, plan, roles=_STAFF, dry_run=dry_run)

    def open_ticket(
        self,
        kind: str,
        subject: str,
        summary: str,
        *,
        key: str,
        actor: str,
        customer_id: str | None = None,
        order_number: str | None = None,
        conversation_id: str | None = None,
        details: Mapping[str, Any] | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Leave something for a person, from anyone (no account needed). `details` is JSON. Facts: ticket_number."""

        def plan() -> Plan:
            def apply() -> dict[str, Fact]:
                row = self._add_ticket(kind, subject, summary, customer_id, order_number, details or {})
                row.conversation_id = conversation_id
                return {"ticket_number": row.ticket_number}

            return Plan(apply, order_number=order_number, customer_id=customer_id)

        return self._perform("open_ticket", key, actor, plan, roles=_EVERYONE, dry_run=dry_run)

    def report_problem(
        self,
        order_number: str,
        kind: ProblemKind,
        *,
        key: str,
        actor: str,
        line_ids: Sequence[str] = (),
        description: str = "",
        dry_run: bool = False,
    ) -> Receipt:
        """A late, damaged, wrong or missing parcel becomes a ticket. Facts: ticket_number, status (the order's)."""

        def plan() -> Plan:
            order = self._own_order(order_number, actor)
            lines_of(order, line_ids)
            details = {"line_ids": list(line_ids), "order_status": order.status}
            subject = f"{kind}: {order.order_number}"

            def apply() -> dict[str, Fact]:
                row = self._add_ticket(kind, subject, description, order.customer_id, order.order_number, details)
                return {"ticket_number": row.ticket_number}

            facts: dict[str, Fact] = {"kind": kind, "status": order.status, "line_ids": list(line_ids)}
            return Plan(apply, facts, order_number=order.order_number, customer_id=order.customer_id)

        roles = self.policy.account.roles
        return self._perform("report_problem", key, actor, plan, roles=roles, dry_run=dry_run)

    def request_invoice(
        self,
        order_number: str,
        *,
        key: str,
        actor: str,
        title: str | None = None,
        tax_number: str | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Have an invoice sent to the customer's e-mail; `title` and `tax_number` as for a company (抬头、税号)."""

        def plan() -> Plan:
            order = self._own_order(order_number, actor)
            if order.status == OrderStatus.CANCELLED:
                raise Refused(RefusalCode.NOT_ALLOWED_BY_POLICY, status=order.status, order_number=order.order_number)
            details = {"title": title, "tax_number": tax_number}

            def apply() -> dict[str, Fact]:
                subject = f"invoice: {order.order_number}"
                row = self._add_ticket("invoice", subject, "", order.customer_id, order.order_number, details)
                return {"ticket_number": row.ticket_number}

            return Plan(apply, order_number=order.order_number, customer_id=order.customer_id)

        roles = self.policy.account.roles
        return self._perform("request_invoice", key, actor, plan, roles=roles, dry_run=dry_run)

    def request_account_deletion(
        self, customer_id: str, *, key: str, actor: str, ask_back: bool = False, dry_run: bool = False
    ) -> Receipt:
        """Have the account deleted. Refused while orders are under way. Facts: ticket_number.

        `ask_back`: only after the customer has said so at the account's e-mail address.
        """
        return self._account_request("account_deletion", customer_id, key, actor, dry_run, {"ask_back": ask_back})

    def request_data_export(
        self, customer_id: str, *, key: str, actor: str, ask_back: bool = False, dry_run: bool = False
    ) -> Receipt:
        """Have a copy of all data sent to the customer's e-mail; `ask_back` as above. Facts: ticket_number."""
        return self._account_request("data_export", customer_id, key, actor, dry_run, {"ask_back": ask_back})

    def request_email_change(
        self, customer_id: str, email: str, *, key: str, actor: str, dry_run: bool = False
    ) -> Receipt:
        """Have the e-mail changed, after asking back at the present one. Facts: ticket_number."""
        self._check_new_email(email, customer_id)
        details = {"ask_back": True, "new_email": email.strip()}
        return self._account_request("email_change", customer_id, key, actor, dry_run, details)

    def request_password_reset(self, email: str, *, key: str, actor: str, dry_run: bool = False) -> Receipt:
        """Have a link sent, if the account exists. The receipt is the same either way: nobody can ask who has one."""

        def plan() -> Plan:
            customer = self._by_email(email)

            def apply() -> None:
                if customer is not None:
                    self._add_ticket("password_reset", "password reset", "", customer.customer_id, None, {})

            return Plan(apply)

        roles = self.policy.account.roles
        return self._perform("request_password_reset", key, actor, plan, roles=roles, dry_run=dry_run)

    def _account_request(
        self, kind: str, customer_id: str, key: str, actor: str, dry_run: bool, details: Mapping[str, Any]
    ) -> Receipt:
        def plan() -> Plan:
            customer = self._own_customer(customer_id, actor)
            under_way = [order.order_number for order in self.orders_of(customer_id, UNDER_WAY)]
            if kind == "account_deletion" and under_way:
                raise Refused(RefusalCode.OPEN_ORDERS, order_numbers=under_way)

            def apply() -> dict[str, Fact]:
                row = self._add_ticket(kind, kind.replace("_", " "), "", customer.customer_id, None, details)
                return {"ticket_number": row.ticket_number}

            return Plan(apply, customer_id=customer_id)

        return self._perform(f"request_{kind}", key, actor, plan, roles=self.policy.account.roles, dry_run=dry_run)

    def _ticket_row(self, ticket_number: str) -> TicketRow | None:
        wanted = TicketRow.ticket_number == ticket_number.strip().upper()
        return self._session.scalars(select(TicketRow).where(wanted)).one_or_none()

    def _own_order(self, order_number: str, actor: str) -> OrderRow:
        order = self._order_row(order_number)
        if order is None or not may_act_for(actor, order.customer_id):
            raise Refused(RefusalCode.ORDER_NOT_FOUND)
        return order

    def _add_ticket(
        self,
        kind: str,
        subject: str,
        summary: str,
        customer_id: str | None,
        order_number: str | None,
        details: Mapping[str, Any],
    ) -> TicketRow:
        row = TicketRow(
            ticket_number="T-" + "".join(secrets.choice(_UNAMBIGUOUS) for _ in range(7)),
            kind=kind,
            subject=subject,
            summary=summary,
            customer_id=customer_id,
            order_number=order_number,
            created_at=self._now(),
            details=dict(details),
        )
        self._session.add(row)
        return row
