"""What the person meant and what the answer is. Channel-neutral: a `Question` in, an `Answer` out."""
