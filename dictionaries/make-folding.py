"""Writes chinese-folding.tsv: every Chinese character that has another form, and the one form that stands for all of them.

Reads the character tables of OpenCC (Debian's packages opencc and libopencc-data) and words.txt of this folder:
  /usr/bin/python3 make-folding.py > chinese-folding.tsv
Characters that a table connects, in either direction, make one class, so that a text and every conversion of it between
Traditional, Taiwan, Hong Kong and Simplified characters fold to the same string. The class is named after its member that
is used most in words.txt; of equals, a simplified one, then the lowest code point. Characters outside the Basic
Multilingual Plane are left out: folding never changes the length of a text.
"""
import os
import subprocess
import tempfile

TABLES = ["TSCharacters", "STCharacters", "TWVariants", "HKVariants"]
HERE = os.path.dirname(os.path.abspath(__file__))


def table(name):
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "table.txt")
        subprocess.run(["opencc_dict", "-i", f"/usr/share/opencc/{name}.ocd2", "-o", text, "-f", "ocd2", "-t", "text"],
                       check=True, stdout=subprocess.DEVNULL)
        with open(text, encoding="utf-8") as lines:
            for line in lines:
                key, values = line.rstrip("\n").split("\t")
                yield key, values.split(" ")


parent = {}


def root(character):
    while parent.setdefault(character, character) != character:
        character = parent[character]
    return character


simplified = set()
for name in TABLES:
    for key, values in table(name):
        if name == "TSCharacters":
            simplified.add(values[0])
        for value in values:
            if len(key) == len(value) == 1 and max(ord(key), ord(value)) <= 0xFFFF:
                parent[root(key)] = root(value)

uses = {}
with open(os.path.join(HERE, "words.txt"), encoding="utf-8") as words:
    for line in words:
        word, frequency, _ = line.split(" ")
        for character in word:
            uses[character] = uses.get(character, 0) + int(frequency)

classes = {}
for character in sorted(parent):
    classes.setdefault(root(character), []).append(character)
rows = []
for members in classes.values():
    best = min(members, key=lambda c: (-uses.get(c, 0), c not in simplified, c))
    rows += [(member, best) for member in members if member != best]
print("# Forms of the same Chinese character; see PROVENANCE.md. From the tables of OpenCC, Apache License 2.0 (LICENSE-opencc.txt).")
print("character\tform")
for member, best in sorted(rows):
    print(f"{member}\t{best}")
