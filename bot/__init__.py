"""How a question arrives and how the answer looks, channel by channel."""
