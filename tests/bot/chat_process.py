"""A chat with the scripted assistant as a program of its own, for the tests that need a real terminal."""

import sys
from pathlib import Path

from bot.channels.terminal import run_chat
from tests.bot.script import NOW, ScriptedAssistant, test_wording

if __name__ == "__main__":
    sys.exit(run_chat(ScriptedAssistant(), test_wording(), lambda: NOW, history=Path(sys.argv[1])))
