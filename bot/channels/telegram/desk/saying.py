"""What the staff say goes through the claim check like everything else that leaves: nobody promises 零甲醛 in our name."""

from __future__ import annotations

from collections.abc import Sequence

from bot.wording import Wording
from handlers.certification.claims import Claim, find_claims


def stopped(wording: Wording, text: str) -> str | None:
    """Return why a text must not go: the words that are claimed, why nobody may say so, what may be said; None when it may."""
    return why_not(wording, find_claims(text))


def why_not(wording: Wording, claims: Sequence[Claim]) -> str | None:
    """Return the same of claims that were found before."""
    if not claims:
        return None
    said = tuple(dict.fromkeys(claim.said for claim in claims))
    return wording.say(
        "desk.claim", said=said, why=wording.text(claims[0].why), offer=wording.text(claims[0].offer)
    )  # fmt: skip
