"""The shop: the only door to customers, products and orders. Its methods live in one file per topic:

    catalogue.py        products and variants, searching, coupons
    customers.py        finding, proving and editing customers
    orders.py           reading orders
    pending_orders.py   cancel, and change address / payment / items, before an order leaves
    returns.py          return and exchange what was delivered
    service.py          tickets, problems with a parcel, invoices, requests about one's own account

Reads return frozen values (types.py); nothing found is None or an empty list.

    customer(customer_id) -> Customer | None
    find_customer_by_email(email) -> Customer | None
    find_customers_by_name_and_postcode(first_name, last_name, postcode, *, full_name=None) -> list[Customer]
    identify(*, order_number=None, email=None, full_name=None, postcode=None, conversation_id=None) -> Customer | None
                                                                 by policy.identification; wrong proofs are counted
    order(order_number, customer_id=None) -> Order | None        with customer_id: somebody else's order is None
    orders_of(customer_id, statuses=None, limit=None) -> list[Order]                                  newest first
    product(product_id), variant(variant_id), variants_of(product_id), products_by_category(category, limit)
    products_by_name(text, language, limit=5) -> list[Product]                                        misspelt, en or zh
    search_products(text, language, *, category=None, max_price=None, limit=5) -> list[Product]
    price_range(product_id) -> (lowest, highest) of what is available
    categories() -> list[str]; catalogue_names() -> list[CatalogueName]
    coupon(code) -> Coupon | None; public_coupons() -> list[Coupon]
    tickets_of(customer_id) -> list[Ticket]; ticket(ticket_number) -> Ticket | None
    open_tickets(kind=None) -> list[Ticket]                                                           oldest first

Writes return a `Receipt` or raise `Refused(code, **facts)`. Each takes, by name:

    key      idempotency: the same key again gives the first receipt and writes nothing; "" is an error
    actor    "<role>:<id>" for the audit and for who-may-do-what; roles customer, agent, admin, system.
             A customer ("customer:noah_brown_6181") only ever reaches their own orders and profile.
    dry_run  True: every check and all the figures, nothing written (`Receipt.is_preview`)

    cancel_order(order_number, reason)                                     reason: a code of policy.cancel_order.reasons
    change_order_address(order_number, address)
    change_order_payment(order_number, payment_method_id)
    change_order_items(order_number, changes, payment_method_id)              once an order, where the policy says so
    return_items(order_number, line_ids, payment_method_id, quantities=None)
    exchange_items(order_number, changes, payment_method_id)
    change_default_address(customer_id, address)
    create_customer(email, first_name, last_name, phone=None, locale="en", address=None)
    edit_customer(customer_id, first_name=None, last_name=None, phone=None, email=None, locale=None)
    set_newsletter_consent(customer_id, consent)
    request_account_deletion(customer_id, ask_back=False), request_data_export(customer_id, ask_back=False)
    request_email_change(customer_id, email), request_password_reset(email)
    request_invoice(order_number, title=None, tax_number=None)
    report_problem(order_number, kind, line_ids=(), description="")
    solve_ticket(ticket_number)                                              agents and admins only
    open_ticket(kind, subject, summary, customer_id=None, order_number=None, conversation_id=None, details=None)

Receipt.money says what moves, where to and when. Nothing here commits: the caller's transaction does.
"""

from knowledge.shop.catalogue import Catalogue
from knowledge.shop.customers import Customers
from knowledge.shop.orders import Orders
from knowledge.shop.pending_orders import PendingOrders
from knowledge.shop.returns import Returns
from knowledge.shop.service import Service


class Shop(PendingOrders, Returns, Service, Customers, Orders, Catalogue):
    """`Shop(session, policy=None, now=utc_now)`: reads and writes within the session's transaction.

    `policy` None: the packaged `policy.yml` with what the database's `shop_settings` override.
    """
