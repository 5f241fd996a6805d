"""Phone, e-mail and address."""

from actions.service.policy_answer import PolicyAnswer


class ContactDetails(PolicyAnswer):
    response = "utter_contact_details"
