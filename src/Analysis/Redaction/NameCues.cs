namespace Opinion.Analysis.Redaction;

/// <summary>What stands before or after a name and says that it is one.</summary>
internal static class NameCues
{
    /// <summary>
    /// Words before a name, with how much they add to the logarithm of the odds: whoever says 我叫 names himself, after
    /// 业主 or 局长 other words are as likely as a name.
    /// </summary>
    internal static readonly PhraseTable<float> Before = new(
        (7f, """
            我叫 我名叫 我的名字叫 我的名字是 本人叫 本人姓名 本人名叫 真实姓名 联系人姓名 联系人 投诉人 举报人 反映人 来信人 写信人 申请人 请求人 具呈人 呈报人
            反映群众 反映村民 反映居民 反映业主 投诉者 举报者 反映者 来信者 写信者 求助者 建议者 咨询者 上访者 信访者 留言者 我名字 吾名
            上访人 信访人 建议人 求助人 报案人 受害人 当事人 经办人 姓名 署名 落款 户主 草民 留言人 发帖人 咨询人 委托人 被告人 原告人 申诉人 控告人 诉求人 陈情人
            """),
        (5f, """
            名叫 我名 叫做 法定代表人 法人代表 负责人 被举报人 被投诉人 责任人 患者 死者 伤者 遗属 家属代表 业主代表 村民代表 收件人 收货人 户名 账户名 开户人 车主 房主
            自称叫 昵称 微信名 请找 尊敬的 尊敬地 敬爱的 此致敬礼 敬礼 敬上 敬启
            """),
        (4.5f, """
            经理 书记 支书 局长 主任 校长 院长 所长 队长 处长 科长 镇长 乡长 村长 县长 市长 区长 厅长 部长 组长 站长 厂长 会长 社长 段长 行长 庭长 园长 检察长 检查长 秘书长 董事长 总经理 法人 被告 原告
            """),
        (4f, """
            本人 本人是 本人系 我是 我系 鄙人 敝人 在下 小女子 叫 自称 自称是 原名 又名 化名 外号 绰号 男友 女友 父亲 母亲 丈夫 妻子 老公 老婆 儿子 女儿 爷爷 奶奶 外公 外婆 哥哥 弟弟 姐姐 妹妹 岳父 岳母 公公 婆婆 侄子 侄女 外甥 孙子 孙女
            小孩 老伴 爱人 兄弟 小女 小儿 我兄 我父 我母 我妻 我夫 我儿 我女 我弟 我妹 我哥 我姐 我爸 我妈 爸爸 妈妈 家兄 家姐
            舍弟 舍妹 侄儿 侄女 养父 养母 继父 继母 前夫 前妻 堂兄 堂弟 堂哥 堂姐 堂妹 表哥 表弟 表姐 表妹 舅舅 舅妈 姑姑 姑父 姨妈 伯父 伯母 叔叔 嫂子 弟媳 女婿 儿媳 家父 家母 亡父 亡夫 婴儿 新生儿
            """),
        (3.5f, """
            业主 居民 村民 市民 公民 员工 职工 学生 同学 孩子 家属 股东 老板 房东 租客 租户 住户 农户 经营户 个体户 贫困户 老师 教师 医生
            会计 出纳 民警 警察 交警 城管 法官 律师 记者 教练 教练员 同志 同事 朋友 战友 同乡 司机 保安 保安队长
            干部 委员 主席 代表 顾问 专干 工作人员 销售人员 工作员 销售员 业务员 客服 中介 主编 工程师 护士 班主任 总监 店长 包工头 施工员 承包人 承包商 嫌疑人 犯罪嫌疑人 头目 开发商 公职人员
            购房者 产权人 受益人 消费者 乘客 残疾人 受害者 请联系 请与 可联系 老人 老党员 党员 退休工人 退休职工 退休教师 农民 农民工 军人 退伍军人 烈士 法人股东 考生 关系户 邻居
            """));

    /// <summary>As much as a cue adds where the word or the sign before asks for a name and for nothing else: 我叫…, 联系人:….</summary>
    internal const float Asked = 10f;

    /// <summary>The same for the end of a letter, where it is a signature if it begins with a family name.</summary>
    internal const float Signed = 9.5f;

    /// <summary>Whether a phrase of <see cref="Before"/> of its greatest strength asks for a name by itself, without a sign after it.</summary>
    internal static bool AsksByItself(ReadOnlySpan<char> phrase) => phrase[^1] is '叫' || phrase.EndsWith("名字是", StringComparison.Ordinal);

    /// <summary>What stands in the place of a name and is none: 联系人:保密.</summary>
    internal static readonly PhraseTable<bool> NoNames = new((true, """
        匿名 保密 不详 不祥 不便 同上 如上 如下 见下 全体 居民 村民 市民 公民 车主 房主 户主 业主 住户 租户 家长 群众 百姓 老百姓 网友 路人 有人 本人 自己 单位 员工 职工 学生 经理 老师 师傅 老板 党员 农民 管理员 施工方
        方式 时间 地址 电话 手机 性别 年龄 应当 应该 相关 有关 负责 安全 平安 祝好 谢谢 感谢 领导 物业 社区 公司 小区 政府 保安 警察 医生 救护车 车子 出租车 外卖 快递
        望盼 盼望 盼复 望复 诉求人 上访人 上呈人 盖章 签字 签名 签章 停车
        """));

    /// <summary>Titles after a name. True where they are said to a person and to no office, as 先生 and 师傅 are.</summary>
    internal static readonly PhraseTable<bool> Titles = new(
        (true, """
            先生 女士 小姐 太太 同志 师傅 阿姨 大爷 大妈 大哥 大姐 叔叔 奶奶 爷爷 婆婆 伯伯 大叔 大娘 大伯 大嫂 大婶 老师 医生 大夫 警官 同学 老人 老板 老板娘 教练 教练员 律师 法官 教授 娭毑 嗲嗲
            女土 先牛 老総 师付 老弟 妹妹 伯父 伯母 老爷子 老太太 大人 夫妇 夫妻 父子 兄弟 姐妹 一家 某某
            """),
        (false, """
            工程师 经理 总经理 主任 局长 处长 科长 书记 支书 村支书 校长 院长 所长 队长 站长 厂长 村长 镇长 乡长 县长 市长 区长 省长 部长 会长 厅长 司长 州长 组长 段长 店长 社长 检察长 秘书长 行长 庭长 班长 园长
            护士 护士长 主席 董事长 警察 交警 民警 辅警 主编 记者 会计 出纳 导游 主管 总监 专员 干事 秘书 助理 委员 代表 顾问 支队长 大队长 中队长 副总 总 工 队 姓
            """));

    /// <summary>Signs of a list of names: they join two of them.</summary>
    internal const string Joints = "、和与及跟同,/";

    // What follows a name of a place, a firm or an office, so that its front is no person's: 李家山组, 王府小区, 何氏公司.
    private const string Suffixes =
        "村组镇乡县市区省州路街巷弄里桥河湖江山岭冲塘坪湾湖坝港庄屯寨堡园苑城府庭居院阁轩邸厦楼栋座店馆局所站厂校寺庙庵社族氏桩家派牌型类版款号线段水庭垸洲岛井沟坡坳";

    /// <summary>
    /// Words that follow the name of a firm, an estate or a place. They weigh against a name before them, and against the
    /// same characters elsewhere in the text.
    /// </summary>
    internal static readonly PhraseTable<bool> Bodies = new(
        (true, """
            公司 有限 商品 商贸 商务 置业 置地 酒店 宾馆 饭店 小区 花园 广场 集团 学校 中学 小学 大学 学院 幼儿园 幼稚园 驾校 医院 诊所 市场 商场 商城 超市 大厦 大道 大酒店 国际 故居 总部 客服 物业 地产 房产
            房地产 开发 建设 建筑 建材 项目 楼盘 别墅 健康 科技 教育 培训 投资 贸易 实业 工程 银行 养老 采石 电商 平台 软件 交易 控股 家园 华苑 佳苑 佳园 街道 社区 人民政府 政府 大桥 公园 新城 华府 首府 豪庭 名都 名苑
            雅苑 嘉园 景园 公馆 公寓 山庄 水库 电站 矿业 煤矿 石场 砂场 沙场 农场 林场 茶场 渔场 农庄 大队 居委会 村委会 业委会 派出所 火车站 汽车站 高速 立交 隧道 机场 码头 风景 景区 文化 传媒 广告 食品 药业
            医药 汽车 电器 电子 机械 化工 水泥 钢铁 能源 燃气 供水 环保 旅游 旅行 劳务 保险 证券 金融 小额 贷款 理财 宗祠 祠堂 书院 中心 基地 特产 品牌 系列 牌 路 街 村 镇 乡 县 区 公路 国道 省道 铁路 地铁 纪念
            体育场 体育馆 体育中心 体育公园 剧院 影城 影院 博物馆 图书馆 美术馆 纪念馆 加油站 收费站 服务区 变电站 污水 垃圾 菜市场 农贸 步行街 商业街 购物 美食 餐馆 餐厅 酒楼 茶楼 茶馆 网吧 健身 装饰 装修 家具 门窗
            """));

    /// <summary>Words that begin with a family name, that letters to an office are full of, and that the word list lacks.</summary>
    internal static readonly PhraseTable<bool> Words = new((true, """
        卫健委 卫健局 卫健系统 安监 安监局 安监站 住建 住建局 住建委 国土 元整 老百姓 华润 华侨城 申通 韵达 万科 万达 万象 金茂 金科 金地 龙湖 时代 高铁 高新 高新区 高新技术 高层 高空 高压 高速 安置 安置房 安保 安防 方案 房管 房管局
        房产局 房款 房本 房价 车管所 车贷 水务 水务局 水电 水表 水费 平台 平米 党群 党建 党员 党政 党委 时效 时长 应急 应急局 应急办 马路 时段 温控 江景 江北 江南 全款 全额 全国 和谐 文明 文旅 成教 成人 包干 包间 解封 解押 白名单 黄牌 红牌
        白天 常态 常规 单价 单间 单位 万元 封控 毛坯 毛坯房 毛利 胡同 祖宅 祖坟 查违 查酒驾 路灯 路面 路段 金额 钱款 花费 童车 管委会 管网 居委 师德 班主任 经适房 商住 商铺 商贩 商户 商混 关停 农商行 农合行 农行 权属 连片 连锁 支行 施工 施工方
        """));

    // A name seldom ends so, a place or a sum does.
    private const string SeldomLast = "塘渡坪岭冲铺溪洲湾寨峡沟坳坡垸嶂委联整镇村苑县乡街路巷峪嘴元函籍组局厅院校店厂楼城府园区市省州桥河湖坝港庄屯堡馆站所部队会社族籍型号款费税金的了是在有与和及被把将对向者们人家方";

    // What a person has and hardly anything else: 张三,男,1970年生; 张三(电话…).
    private static readonly PhraseTable<bool> Attributes = new(
        (true, "家属 等人 化名 电话 手机 联系电话 联系方式 身份证 身份证号 性别 现年 今年 年龄 家住 现住 户籍 汉族 苗族 土家族 侗族 瑶族 回族 满族 壮族"),
        (false, "男 女 系 呈 泣 叩 敬上 敬呈 谨呈 拜上 字"));

    /// <summary>Whether what follows a place says that a person's name ends there: sex, age, telephone, identity number, closing word.</summary>
    internal static bool IsDescribed(ReadOnlySpan<char> text, int at)
    {
        int next = at;
        while (next < text.Length && next - at < 3 && text[next] is ',' or ' ' or ':' or '(' or ';' or '、' or '。' or '\u3000') next++;
        if (next >= text.Length) return false;
        if (Attributes.TryMatch(text, next, out int length, out bool sure)) return sure || next + length >= text.Length || !NameScanner.IsHan(text[next + length]);
        if (text[next] is '*') return next + 2 < text.Length && text[next + 1] == '*' && text[next + 2] == '*';
        if (text[next] is '〔') return next + 1 < text.Length && !char.IsAsciiDigit(text[next + 1]);
        int digits = next;
        while (digits < text.Length && digits - next < 12 && (char.IsAsciiDigit(text[digits]) || (digits > next && text[digits] is '*' or 'x' or 'X' or '×'))) digits++;
        return digits - next >= 11 || (digits - next is 1 or 2 && digits < text.Length && text[digits] == '岁');
    }

    /// <summary>Whether a place, an estate or a firm seems to end a few characters on, as in 金桂花语苑 and 江月星城.</summary>
    internal static bool LeadsToEstate(ReadOnlySpan<char> text, int at, int end)
    {
        const int Furthest = 4;
        for (int next = at + 1; next < end && next <= at + Furthest; next++)
        {
            if ("苑府城郡轩园邸庭阁墅湾厦".Contains(text[next], StringComparison.Ordinal) || (next > at && Bodies.IsAt(text, next) && text[next] is not ('路' or '村' or '区' or '街' or '镇' or '乡' or '县' or '牌'))) return true;
        }

        return false;
    }

    /// <summary>Whether names seldom end with the character.</summary>
    internal static bool IsSeldomLast(char c) => SeldomLast.Contains(c, StringComparison.Ordinal);

    /// <summary>Whether the character after a family name and what may be a name makes a place or a firm of it.</summary>
    internal static bool IsSuffix(char c) => Suffixes.Contains(c, StringComparison.Ordinal);
}
