"""How the model reads texts that nobody here wrote: other people's labels mapped onto our intents.

bitext.yml, jd.yml, tau.yml   what each foreign label means here, or why it means nothing
mapping.py                    reads such a file
rows.py                       one foreign text with its labels, and in which part of its set it stands
jd_reviewed.yml               the turns of JD's chats that say by themselves what they are labelled
bitext.py, jd.py, tau.py      read one source each
scoring.py                    counts
"""
