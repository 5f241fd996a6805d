"""How the model reads texts that nobody here wrote: other people's labels mapped onto our intents.

bitext.yml, jd.yml, tau.yml   what each foreign label means here, with the reason where it means nothing or several things
mapping.py                    reads such a file
rows.py                       one foreign text with its labels, and in which part of its set it stands
bitext.py, jd.py, tau.py      read one source each
scoring.py                    counts
"""
