"""Whole sentences that mean one thing, as tables of `locales/` have them: lists, notebooks, ambassadors, a person wanted."""
