"""The methods of the Bot API that the server simulates, by theme; `table.py` lists them all."""
