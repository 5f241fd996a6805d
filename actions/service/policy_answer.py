"""An answer that only words the shop's own rules: the facts come from the policy, the sentence from the YAML."""

from abc import abstractmethod
from typing import ClassVar

from actions.articles.passages import say_specific
from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from knowledge.articles.facts import shop_facts


class PolicyAnswer(KefuAction):
    also: ClassVar[frozenset[str]] = frozenset()
    """Articles that answer a special case of the question better, when it is one."""

    @property
    @abstractmethod
    def response(self) -> str:
        """The response that says it."""

    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            if not say_specific(here, dispatcher, tracker, language, self.also):
                self.say(dispatcher, self.response, None, **shop_facts(here.shop.policy, language))
        return []
