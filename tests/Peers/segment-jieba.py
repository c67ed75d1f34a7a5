"""A whole process of python jieba: lines from standard input, tokens joined by U+001F out. Usage: segment-jieba.py cut|no-hmm|search"""
import sys

import jieba

jieba.setLogLevel(60)
mode = sys.argv[1]
cut = jieba.cut_for_search if mode == "search" else lambda line: jieba.cut(line, HMM=mode != "no-hmm")
lines = sys.stdin.buffer.read().decode("utf-8").split("\n")
if lines[-1] == "":
    lines.pop()
out = sys.stdout.buffer
for line in lines:
    out.write("\x1f".join(cut(line)).encode("utf-8"))
    out.write(b"\n")
