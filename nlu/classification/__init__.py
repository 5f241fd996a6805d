"""A classifier for any single-label data: English, Chinese or both, fifty texts or ninety thousand.

    reading.py    a file → LabelledTexts (texts.py)
                      │
    fitting.py    what is learnt and what it is chosen on (splitting.py: a tenth, or every text in turn)
                      │
    learners.py   tuning.py: a pretrained encoder, tuned (recipe.py: for how long; network.py, pretrained.py: torch)
                  a frozen encoder's vectors, read linearly · n-grams, read linearly
                      │
    blending.py   how much each reader counts, so that the right labels are likeliest; leaning.py: for macro-F1
                  doubting.py, nlu/calibration.py: how sure it says it is
                      │
    exporting.py  the int8 graph, refused when it costs accuracy
                      │
    classifier.py a folder that serves: graph.py, readers.py, outsiders.py (no torch)

`kefu benchmark nlu` measures it: english_sets.py and chinese_sets.py name the public data, measuring.py the figures,
results.py keeps them and writes docs/benchmarks.md, references.yml holds what others published.
"""
