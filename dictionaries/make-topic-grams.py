"""Writes topic-grams.tsv: pairs of characters that stand inside common words, and how likely a letter holds each.

Reads words.txt of this folder:
  /usr/bin/python3 make-topic-grams.py > topic-grams.tsv
A pair from a listed word of two to four characters that is no name (jieba's tags nr, ns, nt, nz) and was counted at least
200 times (a set phrase of four: 30) belongs to what letters are about; any other pair is likelier part of a name of a place. The share of letters that
hold a pair is estimated as 1 - exp(-200 f / total): the chance to meet it among 200 pairs of running text. Words that letters
to an office use more than other texts do are listed below and given a share of one fifth; the words of subject-lexicon.tsv
name problems and are given one hundredth at least.
"""
import math
import os

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ("nr", "ns", "nt", "nz")
COURTESY = """您好 你好 尊敬 领导 反映 投诉 举报 咨询 建议 请求 请问 希望 恳请 强烈 要求 问题 情况 严重 解决 处理 相关 有关 部门 单位
政府 市民 居民 业主 小区 社区 街道 附近 本人 我们 我是 没有 一直 现在 至今 多次 影响 生活 关注 重视 回复 答复 谢谢 感谢 百忙 关于 存在
能否 是否 何时 什么 怎么 为何 为什么 如何 可以 已经 进行 工作 人员 电话 来电 来信 书记 市长 局长 尽快 及时 安排 落实""".split()

total = 0
counts = {}
with open(os.path.join(HERE, "words.txt"), encoding="utf-8") as words:
    for line in words:
        word, frequency, tag = line.split(" ")
        tag = tag.strip()
        total += int(frequency)
        least = 30 if tag in ("i", "l") and len(word) == 4 else 200
        if not 2 <= len(word) <= 4 or int(frequency) < least or tag.startswith(NAMES):
            continue
        if not all("\u4e00" <= c <= "\u9fff" for c in word):
            continue
        for i in range(len(word) - 1):
            counts[word[i:i + 2]] = counts.get(word[i:i + 2], 0) + int(frequency)

shares = {gram: 1 - math.exp(-200 * count / total) for gram, count in counts.items()}
for word in COURTESY:
    for i in range(len(word) - 1):
        shares[word[i:i + 2]] = max(0.2, shares.get(word[i:i + 2], 0))
with open(os.path.join(HERE, "subject-lexicon.tsv"), encoding="utf-8") as lexicon:
    for line in list(lexicon)[1:]:
        word = line.split("\t")[0]
        for i in range(len(word) - 1):
            if all("\u4e00" <= c <= "\u9fff" for c in word[i:i + 2]):
                shares[word[i:i + 2]] = max(0.01, shares.get(word[i:i + 2], 0))

print("# Pairs of characters inside common words; see PROVENANCE.md. From the word list of jieba 0.42.1, MIT (LICENSE-jieba.txt).")
print("gram\tshare")
for gram in sorted(shares):
    print(f"{gram}\t{max(shares[gram], 0.0005):.4f}")
