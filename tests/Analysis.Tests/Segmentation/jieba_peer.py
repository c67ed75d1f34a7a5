"""Cuts texts with the real jieba: prints its version and the SHA-256 of its dictionary, then a line for every text.

usage: jieba_peer.py TEXTS [USERDICT]
TEXTS has a text in every line, as the hexadecimal digits of big-endian UTF-16 (any text, lone surrogates too). The answer
has, for every text, the tokens of cut, cut without model, search and search without model, each token in the same form,
joined by commas, the four lists separated by blanks.
"""
import hashlib
import sys

import jieba

jieba.setLogLevel(60)


def decode(line):
    return bytes.fromhex(line).decode("utf-16-be", "surrogatepass")


def encode(tokens):
    return ",".join(token.encode("utf-16-be", "surrogatepass").hex() for token in tokens)


jieba.initialize()
with jieba.get_dict_file() as file:
    print(jieba.__version__, hashlib.sha256(file.read()).hexdigest())
if len(sys.argv) > 2:
    jieba.load_userdict(sys.argv[2])
for line in open(sys.argv[1], encoding="ascii"):
    text = decode(line.strip())
    print(
        encode(jieba.cut(text)),
        encode(jieba.cut(text, HMM=False)),
        encode(jieba.cut_for_search(text)),
        encode(jieba.cut_for_search(text, HMM=False)),
    )
