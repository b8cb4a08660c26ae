"""Tests of the channels, the wording and the settings."""
