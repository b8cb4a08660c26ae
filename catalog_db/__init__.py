"""The catalogue and what happened: products, certificates, search, conversations.

Answers "which products match, and what do we know about them". Knows nothing of Chinese questions (`handlers`)
or of channels (`bot`).
"""
