"""Handing conversations to people who work in another system: Chatwoot, Zendesk, or one behind a signed webhook.

    a handoff is requested (committed) ──► telling.py   opens a case there, with all that is known
    the customer writes (committed)    ──►              tells it there, in order
    the handoff ends                   ──►              closes the case
                                           helpdesk.py  what such a system must be; chatwoot, zendesk, webhook are some
    people answer, take, give back,    ──► hearing.py   done at Kefu's own desk as one of theirs, in one transaction
    resolve there                                       with the memory of having heard it

Nothing is sent that is not committed, and nothing that is committed is forgotten: `links.py` keeps how far each case
has been told, so a process that dies, or a system that is away, only delays it. What was begun before a crash is looked
for there before it is told again, by a name that it carries; a signed webhook knows the name itself.
"""
