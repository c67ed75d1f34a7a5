#!/usr/bin/python3
"""Writes name-characters.tsv to standard output: how often a character stands at each place of a person's name.

Counts the words of words.txt that jieba tags as names (nr), are three characters long and begin with a family
name of surnames.tsv; each counts once, whatever its frequency. Many of them are places or titles in truth
(张家口, 金沙镇, 任大哥): those that end with such a character are left out. TODAY adds characters of given names
that are common today and rare in that list, written for this project from common knowledge.
"""
import collections
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
PLACES = "国县镇村山寺河路桥庄州市区乡港湾岛湖江海关城街口店庙府院楼亭洞沟岭峰坡坪屯堡寨营厂宫园塔门站线馆社局厅部省郡族氏党军军派"
TITLES = "爷哥弟姐妹娘嫂婆叔伯姨公婶总董长员者们子人家们王帝后妃侯卿相将官师生说道叹的了是在儿"
TODAY = "伟芳娜敏静秀英丽强磊洋艳勇军杰娟涛超明霞兰刚平燕辉玲桂丹萍鹏华红玉飞鑫波斌莉宇浩凯珍健俊帆雪帅慧旭宁婷梅龙林颖佳倩阳建亮成琴云洁峰国柳淑春海晨冬荣瑞莹志琳欣博彬坤欢岩楠瑜璐凤金文利娇倪雯琪轩涵梓萱怡彤睿皓昊煜泽晓小思嘉雨诗梦依馨妍蕾薇蓉菲媛嫣婧珊瑶琦琼茜莎芸芬菊蓓蕊晴月星辰天恒恺翔宏宝富贵福祥顺安康乐庆喜发财旺胜利民忠诚义仁礼智信良善德贤正清廉广大立新向东南北山川江涌泉源润泓淼森松柏银铁钢铭锋锐钧锦威武毅坚豪雄虎彪麟骏骥驰腾跃耀辉煌炜炳焕灿烨晖昌盛兴隆茂繁荣华翠碧青紫素清香美淑惠娴雅婉子年少方道古谦炜愈根连苟细满秋莲桃菊竹梧桐其可以元初学书诗画勤俭朴奇世代传继承祖先望盼念希进取求真知行成器"


def main() -> None:
    families = {}
    for line in (FOLDER / "surnames.tsv").read_text("utf-8").splitlines():
        if line.startswith("#") or line.startswith("surname\t"):
            continue
        family, note = line.split("\t")
        if len(family) == 1:
            families[family] = note
    family, first, second = collections.Counter(), collections.Counter(), collections.Counter()
    for line in (FOLDER / "words.txt").read_text("utf-8").splitlines():
        word, _, tag = line.split(" ")
        if tag != "nr" or len(word) != 3 or families.get(word[0]) is None:
            continue
        if word[2] in PLACES or word[2] in TITLES:
            continue
        family[word[0]] += 1
        # A family name that is a word as well (于, 和, 成) begins many that are no names.
        if families[word[0]] == "single":
            first[word[1]] += 1
            second[word[2]] += 1
    for character in set(TODAY):
        first[character] += 40
        second[character] += 60
    for character in families:
        # What is a word besides gives no measure of the name.
        if families[character] == "ambiguous":
            family[character] = min(family[character], 20)
        family[character] += 2
    print("# See PROVENANCE.md. Counts in names of three characters from jieba's word list, MIT (LICENSE-jieba.txt).")
    print("character\tfamily\tfirst\tsecond")
    for character in sorted(set(family) | set(first) | set(second)):
        print(f"{character}\t{family[character]}\t{first[character]}\t{second[character]}")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main()
