"""What certificates say on a day, and what nobody may claim."""
