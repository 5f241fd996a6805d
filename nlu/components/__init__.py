"""The steps between a text and its Understanding, one file each.

normalizer → language → encoder → intents, sentiment → segments
                      ↘ entities (rules, libraries and the shop's gazetteer)
"""
