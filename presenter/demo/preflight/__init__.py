"""What is looked at before a talk: small checks, each a function from a `Subject` to its issues.

A check of `CHECKS` starts and contacts nothing. What does (`commands`, `world`) needs the user's
yes to the deck.
"""
