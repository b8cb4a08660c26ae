"""What an utterance means in its conversation: what it points at, what it carries on, what it takes back."""
