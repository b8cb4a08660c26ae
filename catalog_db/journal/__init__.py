"""The journal of a channel: what came in, what goes out, and the state of each conversation, so that nothing is lost.

Every content is sealed before it is written; people are known by pseudonyms. What is handled or sent leaves no content.
"""
