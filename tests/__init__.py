"""The tests mirror the rooms. These folders are packages so that tests/bot is never taken for bot."""
