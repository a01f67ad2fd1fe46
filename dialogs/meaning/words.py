"""The words a need, an act or a helped person is usually named by.

Hints for the linear reader, not rules: each list is one more feature (`@name`), whose weight is
learned. So a word that the training messages never held (another name of a benefit) still counts.
Written for squeezed, simplified text (`plain.squeeze`).
"""

from __future__ import annotations

import re

_LISTS: dict[str, str] = {
    "low_income_aid": "低保|底保|地保|最低生活|低收入|收入低|没有?收入|收入[太少]|困难户|困难补助|特困|五保|支出型|吃劳保|"
    "生活困难|家庭困难|家里困难|退休[工资金].{0,4}(?:不够|太少|低)|不够用|不够开销|养不活|没有子女|无儿无女|没啥收入|没劳动能力|接济",
    "temporary_aid": "临时救助|临时补助|零时救助|急难|救急|应急|救济|急用钱|急需|失火|着火|火灾|烧光|烧脱|水灾|遭贼|进贼|被偷|偷光|"
    "车祸|等钱用|等米下锅|突然[没去走]|顶梁柱|断了(?:来源|收入)|丧葬|周转|生活费没",
    "medical_aid": "医药费|医要费|药费|住院费|手术费|医疗费|看病.{0,4}钱|看毛病.{0,4}钱|看病钱|治病|开刀|手术|化疗|放疗|透析|血透|"
    "住院|大病|癌|肿瘤|白血病|尿毒症|报销|医疗救助|医保|自费|靶向|押金|支架|搭桥|药太?贵|进口药|罕见病",
    "disability": "残疾|残联|残计|残证|评残|轮椅|轮以|假肢|助听器|拐杖|辅具|辅助器具|盲人|聋|瞎|截肢|康复|无障碍|坡道|自闭|脑瘫|"
    "智力|肢体|听力|耳朵.{0,4}听不|发育迟缓|两项补贴|护理补贴",
    "long_term_care": "养老院|养老远|敬老院|福利院|护理院|护工|保姆|长护险|长户险|长期护理|失能|瘫|没人照[顾料应看管]|无人照|照料|护理|"
    "陪护|日托|日间照料|痴呆|自理|失禁|褥疮|没人管|没人看|没人服侍|床位|要人看|居家照护|托老",
    "elder_subsidy": "高龄|高令|敬老卡|敬老开|老年卡|津贴|老年综合|长寿|养老服务补贴|养老补贴|老年补贴|居家养老补贴|营养费|"
    "独生子女父母|满[六七八九]十|百岁",
    "home_help": "送饭|送餐|助餐|食堂|烧饭|做饭|烧不[了动]|没人烧|订餐|午饭|打扫|搞卫生|保洁|钟点工|助洁|擦窗|洗澡|助浴|陪诊|陪针|"
    "陪.{0,4}(?:看病|医院|看毛病|复查|检查)|没人陪|配药|代配|代买|买菜|跑腿|理发|剪头|剪.{0,3}指甲|拎|取.{0,3}快递|挂号|倒.{0,3}垃圾|头发",
    "housing_repair": "漏水|漏雨|漏税|滴水|水管|龙头|马桶|下水|堵|墙皮|墙壁|屋顶|房顶|天花板|修|廉租|公租|公房|租房|房租|房东|"
    "物业|电梯|电线|发霉|门锁|路灯|灯[坏不]|扶手|把手|防滑|渗水|动迁|旧改|旧房|改造|租不起|住房|窗户",
    "employment": "工作|找活|活干|零工|失业|下岗|被裁|裁员|裁掉|辞退|开除|就业|招聘|招工|培训|工资|工钱|欠薪|拖欠|老板|厂里|赔偿金|"
    "补偿金|劳动仲裁|手艺|做工|打工|上班.{0,2}没|生活做",
    "education_aid": "学费|学废|助学|奖学金|上学|读书|念书|上大学|考上|考取|大学|高中|初中|小学|幼儿园|入学|转学|学位|补课|家教|"
    "功课|作业|书包|文具|课桌|网课|课后|接送|暑托|补习|书本费",
    "family_legal": "赡养|扶养|抚养|离婚|离昏|遗产|遗嘱|继承|过户|公证|律师|法律|官司|告[他她们]|起诉|调解|纠纷|邻居.{0,8}[吵堆占]|吵架|"
    "不肯?养|不管我|子女|分家|动迁款|房产|评评理|存折|退休金卡|楼上.{0,4}吵|不赔|弃养|监护|没爹|没娘|坐牢|"
    "(?:爹|娘|爸|妈|父母|夫妻).{0,4}(?:离[了掉婚脱]|分开|跑了)|离[掉脱]",
    "psychological_support": "难受|难过|孤单|孤独|寂寞|冷清|睡不着|困勿着|睡勿着|失眠|心里|心情|抑郁|焦虑|心慌|心烦|压力|崩溃|想哭|哭|"
    "说说话|说话|讲讲|聊|陪[我他她]讲|厌学|不想上学|不去学校|不肯去学校|不上学|心理|没劲|闷|空落|想不通|脾气|失恋|没人理解|怕死|发火|闲话|谈谈|冷清|不在了|想[他她伊]|"
    "(?:老伴|老头子|老太婆|老公|老婆|姆妈|妈|爸|爹|娘|姐妹).{0,8}(?:走了|没了|过世|去世)|没心思",
    "fraud_consumer": "骗|片了|诈骗|保健品|保健药|转账|汇款|转走|退钱|退款|退掉|退货|理财|投资|刷单|链接|扫码|推销|假药|假货|预付卡|"
    "拉黑|跑路|中奖|抽奖|纪念币|健身房|消费|以房养老|消协|床垫",
    "question": "多少|几[天点号岁级个次]|哪里|哪些|什么条件|什么材料|怎么[算办走用领申报补认]|吗$|伐$|要不要|能不能|可不可以|条件|标准|"
    "哪能|啥|什么时候|材料|流程|手续",
    "asks": "我想|想[申要找请问办领学]|帮|要[申找请办]|给我|申请|求|没人|没钱|付不起|付勿起|交不起|能不能|怎么办|没有|不够|吃不消",
    "status": "办到|进度|消息|回音|动静|结果|批下|到账|还没|怎么样了|哪能了|查|什么情况|哪一步|回话|走到|排到|处理|弄好|办好|修好|批[了好]|排好|[几啥什][时么点]?.{0,3}[来到](?![这我])|辰光.{0,2}[来到]|下来了",
    "complaint": "投诉|态度|举报|差|凶|推来推去|踢皮球|没人接|骂我|骗人|太慢|不负责|不满意|挂.{0,2}电话|占线|爱理不理|什么服务",
    "human": "(?<!男)(?<!女)人工(?![地作费资呼耳关])|[想要][我]?[跟同和与][人真活]|[寻找换][个真活]?人(?!家)|工作人员|客服|顾问|领导|叫.{0,3}人|换.{0,2}人|打电话|打给我|转接",
    # Whether one talks to a machine is a question; only with the wish above it calls for a person.
    "machine": "机器|真人|活人|电脑|智能|是人|啥人|是谁|名字",
    "unanswered": "没人[接睬理]|[没无]人应|打[不勿弗](?:通|进)|忙音|占线|拨.{0,4}[不没]",
    "unsaid": "气话|胡话|瞎讲|瞎说|随便[说讲]|当真|没那个意思|发发牢骚|误会|[没勿不]事了|气头上|心上",
    "hush": "(?:别|覅|勿要|不要|先不|[不勿]用)再?(?:发|回|讲|打)|不方便|在旁边|回来了|转来了",
    "counted": "^(?:就|阿拉|我们|一共|总共|家里)?[一二三四五六七八九两俩0]+(?:个人?|口人?|家头)$",
    "fix": "错|改|更正|应该是|不是.{1,6}是|重新|报错|换成|作废",
    "cancel": "算了|不办|不弄|取消|撤|不申请|放弃|退出|不搞|覅办|不想办|不用来|停掉|退掉",
    "hello": "你好|您好|侬好|谢|再见|再会|拜拜|早上好|下午好|晚上好|辛苦|喂|在吗|hello|hi",
    "data": "信息|资料|记录|隐私|删|账号|留着|存了|泄露|注销|数据",
    "dying": "死|不想?活|活[着够腻不]|遗[书言]|解脱|跳[楼下河江]|割|[攒藏囤].{0,4}药|药.{0,4}[攒藏囤]|不.{0,2}醒|累赘|拖累|别找我|下辈子|刀片|自残|自杀",
    "beating": "打[我他她人伤骂老孩小妈]|揍|掐|拧|拿刀|菜刀|皮带|棍|浑身.{0,2}伤|家暴|虐|[不没]给.{0,4}[吃喝喂]|[锁关绑].{0,4}[里上在]|不[让许]|威胁|弄死|砍|摸我|动手",
    "collapse": "[摔跌掼]|晕|昏|[叫喊].{0,3}[不没]|呼吸|[喘透]不|血|嘴.{0,2}歪|含糊|[抬动]不|胸|心口|吞|噎|救护车|抽|发紫|冷汗|中毒|不省",
    "vital": "胰岛素|心脏.{0,2}药|救心|保心|硝酸|排异|抗凝|华法林|哮喘.{0,1}药|癫痫药|氧气",
    "trapped": "着火|起火|冒烟|浓烟|煤气|电梯.{0,5}[困卡关]|困[在住]|反锁|没回|走[散失丢]|不见|找不到|[淹漫灌]|出不[来去]|打不开|塌",
    "starving": "饿|没饭|没.{0,2}吃|没米|马路|桥洞|桥下|车站|赶出|没地方|过夜|睡哪|露宿|流浪|冻|停电",
    "relay": "帮.{0,8}(?:问|申请|报|办|看)|替|代|志愿者|邻居|隔壁|楼[上下]|对门|老[伯太陈李王张周吴]|阿婆|爷叔|爷爷|奶奶|外公|外婆",
    "kin": "我?[爸妈爹娘]|姆妈|老伴|老公|老婆|儿子|女儿|孩子|小孩|小囡|孙子|孙女|婆婆|公公|岳[父母]|弟弟?|妹妹?|姐姐?|哥哥?|父母|"
    "爷爷|奶奶|外公|外婆|侄|外甥|朋友|叔叔|姑妈|姨",
    "first": "我(?!妈|爸|爷|奶|外|儿|女|孙|老|婆|公|弟|妹|姐|哥|朋|侄|叔|姑|岳|们|邻|家|帮|替|是志)|阿拉(?!姆|爷|隔|邻|儿|孙)|自己",
}
# The same needs by ear, for homophones (残急证, 养佬院): syllables as `features` hears them.
_HEARD: dict[str, tuple[str, ...]] = {
    name: tuple(f"-{word}-" for word in words.split())
    for name, words in {
        "low_income_aid": "di-bao di-sou-ru te-kun",
        "temporary_aid": "lin-si-jiu-zu ji-nan-jiu-zu lin-si-bu-zu",
        "medical_aid": "yi-yao-fei zu-yuan-fei sou-su-fei yi-liao-jiu-zu yi-bao bao-xiao hua-liao "
        "tou-xi",
        "disability": "can-ji lun-yi zu-tin-qi jia-zi pin-can can-lian",
        "long_term_care": "yan-lao-yuan jin-lao-yuan can-hu-xian zan-hu-xian hu-gon bao-mu ri-tuo "
        "mei-ren-zao-gu zao-liao",
        "elder_subsidy": "gao-lin-jin-tie jin-lao-ka lao-nian-ka jin-tie",
        "home_help": "zu-can zu-yu pei-zen pei-yao son-fan li-fa da-sao-wei-sen",
        "housing_repair": "lou-sui lian-zu gon-zu ma-ton sui-guan lian-zu-fan",
        "employment": "si-ye gon-zi zao-gon-zuo pei-xun tuo-qian",
        "education_aid": "xue-fei zu-xue you-er-yuan",
        "family_legal": "li-hun san-yan fu-yan-fei lv-si fa-lv",
        "psychological_support": "yi-yu-zen si-mian xin-li-zi-xun",
        "fraud_consumer": "bao-jian-pin za-pian zuan-zan bei-pian",
        "human": "ren-gon zen-ren",
    }.items()
}
_COMPILED = tuple((name, re.compile(words)) for name, words in _LISTS.items())


def hints(squeezed: str, heard: str) -> set[str]:
    """The names of the lists of which a word stands in the text or sounds in it, as `@name`.

    heard: the text's syllables, joined and framed by `-`.
    """
    written = {f"@{name}" for name, words in _COMPILED if words.search(squeezed)}
    return written | {
        f"@{name}" for name, sounds in _HEARD.items() if any(sound in heard for sound in sounds)
    }
