"""Make what we say in Traditional Chinese: python -m benchmarks.traditional [--tables]

Each .po of zh_Hans_CN is written anew by the tables of locales/zh_Hant; a line of exceptions.tsv there (key, sentence) wins.
--tables writes the tables themselves anew from OpenCC (build time only) and our own rules, rules.tsv; review the difference.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from bot.locales import LOCALES, read_pairs
from bot.traditional import FOLDER, Traditional

FROM = LOCALES / "zh_Hans_CN" / "LC_MESSAGES"
_STRING = re.compile(r'^msgstr "(.*)"$')
_ID = re.compile(r'^msgid "(.*)"$')
_OURS = str.maketrans("臺溼", "台濕")  # of two forms of one character the usual one
_HEAD = "# {what}: Simplified → Traditional. Made by benchmarks/traditional.py from OpenCC s2tw (Apache-2.0) and rules.tsv, reviewed.\nfrom\tto\n"


def messages(source: str, write: Traditional, exceptions: dict[str, str]) -> str:
    """Write a .po file: keys, comments and placeholders stay."""
    key, lines = "", []
    for line in source.splitlines():
        found = _ID.match(line)
        key = found[1] if found else key
        said = None if found else _STRING.match(line)
        if said and key:
            lines.append(f'msgstr "{exceptions.get(key) or write.write(said[1])}"')
        else:
            lines.append(line.replace("Language: zh_Hans_CN", "Language: zh_Hant"))
    return "\n".join(lines) + "\n"


def made() -> dict[str, str]:
    """Return every .po file as it should be: name → text."""
    write = Traditional(dict(read_pairs(FOLDER / "words.tsv")), dict(read_pairs(FOLDER / "characters.tsv")))
    exceptions = dict(read_pairs(FOLDER / "exceptions.tsv"))
    files = {f"LC_MESSAGES/{file.name}": file for file in sorted(FROM.glob("*.po"))}
    files["simple.po"] = FROM.parent / "simple.po"
    found = {name: messages(file.read_text(encoding="utf-8"), write, exceptions) for name, file in files.items()}
    return found | {"plain_words.tsv": write.write((FROM.parent / "plain_words.tsv").read_text(encoding="utf-8"))}


def tables() -> dict[str, str]:
    """Make both tables: characters of GB 2312, and the words of our texts that characters alone would get wrong."""
    from opencc import OpenCC

    convert = OpenCC("s2tw").convert
    rules = dict(read_pairs(FOLDER / "rules.tsv"))
    gb2312 = (bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    characters = {char: rules.get(char) or convert(char) for char in gb2312 if char}
    characters = {char: written for char, written in characters.items() if char != written}
    characters |= {char: written for char, written in rules.items() if len(char) == 1 and char != written}
    alone = Traditional({}, characters)
    words = {word: written for word, written in rules.items() if len(word) > 1}
    for word in sorted(_words()):
        written = convert(word).translate(_OURS)
        if word not in rules and written != alone.write(word):
            words[word] = written
    return {
        "characters.tsv": _HEAD.format(what="Characters") + _lines(characters),
        "words.tsv": _HEAD.format(what="Words that win over characters") + _lines(words),
    }


def _words() -> set[str]:
    """Return the words of OpenCC that stand in our texts."""
    import opencc

    root = LOCALES.parent
    files = [*(LOCALES / "zh_Hans_CN").rglob("*.*"), *(root / "catalog_db/demonstration/sources").rglob("*.*")]
    files.append(LOCALES / "places" / "divisions.tsv")
    texts = "\n".join(
        file.read_text(encoding="utf-8") for file in files if file.suffix in (".po", ".tsv", ".md", ".yaml")
    )
    phrases = (Path(opencc.__file__).parent / "dictionary" / "STPhrases.txt").read_text(encoding="utf-8")
    listed = (line.split("\t")[0] for line in phrases.splitlines())
    return {word for word in listed if 2 <= len(word) <= 4 and word in texts}


def _lines(pairs: dict[str, str]) -> str:
    return "".join(f"{one}\t{other}\n" for one, other in sorted(pairs.items()))


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", action="store_true")
    if parser.parse_args().tables:
        for name, text in tables().items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    for name, text in made().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
