"""An answer that only words the shop's own rules: the facts come from the policy, the sentence from the YAML."""

from abc import abstractmethod

from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from knowledge.articles.facts import shop_facts


class PolicyAnswer(KefuAction):
    @property
    @abstractmethod
    def response(self) -> str:
        """The response that says it."""

    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        with services() as here:
            facts = shop_facts(here.shop.policy, self.language(tracker))
        self.say(dispatcher, self.response, None, **facts)
        return []
