"""The papers' sections of capabilities, each id with its black-box test, over the bundled catalogue and a second one."""
