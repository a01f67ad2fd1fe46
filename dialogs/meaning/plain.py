"""One plain form of what people type, so that patterns need to know one spelling only.

Full-width and compatibility forms are folded (NFKC, character by character), letters lowered,
traditional characters made simplified, and everything that hides inside words (spaces,
zero-width characters, punctuation, emoji) left out or turned into one mark.
"""

from __future__ import annotations

import unicodedata

# Traditional and variant characters of everyday words, each followed by its simplified form.
# Only characters with one plain reading in this desk's subjects stand here.
PAIRS = (
    "們们個个這这來来時时說说話话對对過过還还後后沒没為为會会樣样點点嗎吗嗰个佢他咗了冇没"
    "係是唔不喺在啲些嚟来睇看冚全攞拿乜啥嘢事揾找搵找瞓睡慳省邊边誰谁讓让給给與与從从將将"
    "爺爷媽妈親亲兒儿孫孙嬸婶姪侄婦妇產产養养護护醫医藥药療疗費费錢钱貧贫窮穷減减證证號号"
    "碼码電电話话機机網网賬账帳账單单據据補补貼贴領领辦办請请問问題题見见覺觉聽听讀读寫写"
    "講讲談谈訴诉應应該该當当從从開开關关門门間间樓楼層层區区鄉乡鎮镇縣县國国場场廠厂車车"
    "輪轮軌轨運运動动進进遠远近近飛飞馬马魚鱼鳥鸟龍龙雞鸡鴨鸭貓猫豬猪飯饭飽饱餓饿饑饥"
    "麵面湯汤熱热燒烧煙烟燈灯災灾濃浓滅灭氣气漏漏淚泪潰溃殘残殺杀傷伤痠酸癢痒瘋疯癡痴"
    "癱瘫瘡疮癌癌頭头臉脸腦脑眼眼嘴嘴牙牙頸颈腳脚膚肤臟脏髒脏腫肿膽胆腸肠腎肾脫脱腦脑"
    "體体骨骨壓压糖糖強强弱弱斷断絕绝續续結结婚婚離离繼继遺遗產产繳缴納纳稅税貸贷債债"
    "賠赔償偿買买賣卖購购價价貴贵賤贱賺赚騙骗詐诈訊讯險险保保單单檢检驗验掛挂預预約约"
    "診诊術术復复發发髮发燙烫凍冻冷冷濕湿潮潮陽阳陰阴雲云電电風风雨雨氷冰凈净淨净潔洁"
    "掃扫擦擦幫帮助助顧顾看看護护陪陪伴伴獨独單单孤孤寂寂煩烦惱恼憂忧愁愁憤愤恨恨愛爱"
    "歡欢樂乐興兴奮奋緊紧張张慌慌嚇吓驚惊慘惨禍祸難难過过壞坏爛烂舊旧新新屬属於于無无"
    "長长短短寬宽窄窄遲迟早早晚晚曆历歲岁齡龄紀纪週周號号禮礼節节業业職职薪薪資资務务"
    "勞劳薦荐訓训練练學学校校書书課课補补習习師师級级園园童童圖图讓让許许準准備备構构"
    "權权利利義义務务法法律律規规則则罰罚審审判判犯犯獄狱鎖锁綁绑捆捆毆殴罵骂威威脅胁"
    "搶抢偷偷盜盗槍枪砍砍刺刺劃划擊击撲扑摔摔滾滚樑梁樹树橋桥窗窗戶户牆墙頂顶廁厕廚厨"
    "臥卧廳厅廊廊階阶梯梯盤盘鍋锅碗碗筷筷瓶瓶罐罐袋袋箱箱櫃柜床床椅椅桌桌燃燃爐炉灶灶"
    "竈灶塵尘塊块條条張张雙双隻只幾几兩两萬万億亿參叁貳贰陸陆點点裏里裡里麼么甚甚並并"
    "總总纔才剛刚現现經经常常連连隨随陣阵轉转嚴严勵励勝胜敗败嚐尝喚唤醒醒暈晕昏昏噁恶"
    "嘔呕吐吐瀉泻燒烧熬熬撐撑廢废棄弃贅赘拖拖累累纍累擾扰騷骚淩凌淨净濫滥獲获瞭了盡尽"
    "監监督督聲声聾聋啞哑盲盲視视覽览觸触訂订記记設设評评譯译豐丰貨货貿贸質质賴赖赶赶"
    "趕赶跡迹踐践蹤踪躍跃躲躲輕轻較较輸输辭辞適适選选郵邮鄰邻釋释針针鈴铃銀银鋪铺錄录"
    "錯错鐵铁鑰钥閉闭閃闪闆板陳陈隊队際际雜杂靈灵靜静順顺頓顿項项須须額额願愿類类飲饮"
    "館馆騎骑髮发鬆松鬧闹鬱郁鹽盐麗丽黃黄齊齐齒齿東东專专滿满漲涨澡澡潑泼灑洒爭争狀状"
    "猶犹瑣琐畢毕畫画異异癥症盞盏睏困矇蒙確确禦御稱称穩稳窩窝競竞筆笔簡简簽签籤签糧粮"
    "係系終终組组細细絡络統统緩缓編编織织繞绕罷罢聯联肅肃腳脚臨临舉举艱艰藝艺蘇苏虛虚"
    "蟲虫術术衛卫衝冲裝装製制複复褲裤覓觅計计託托訪访詢询試试詳详認认誤误調调謝谢警警"
    "譴谴變变讚赞豈岂負负責责貪贪賓宾賞赏賽赛贈赠軟软載载輔辅辯辩農农遷迁邁迈鄭郑醜丑"
    "鬥斗嗚呜嘆叹團团墜坠墮堕壽寿夢梦夥伙奪夺婁娄媽妈寧宁寶宝實实尋寻導导屍尸嶽岳幣币"
    "庫库廬庐弔吊彎弯徑径徵征恆恒悶闷態态慣惯慮虑憑凭懶懒懷怀戰战拋抛捨舍掙挣採采揀拣"
    "損损搖摇摟搂撥拨擁拥擇择擔担據据擠挤擬拟擱搁擺摆攔拦攙搀攜携敵敌數数斃毙時时暫暂"
    "嘸呒嘅的嗱那囝囡阿阿儂侬弗弗佬佬伲伲爿爿甭别別别啦啦嘞了滬沪厲厉蘆芦氫氢氧氧"
)
_SIMPLE = dict(zip(PAIRS[::2], PAIRS[1::2], strict=True))
_SIMPLE_CODES = str.maketrans(_SIMPLE)


def simplify(text: str) -> str:
    """Traditional characters made simplified; everything else as it was."""
    return text.translate(_SIMPLE_CODES)


class _Folding(dict[int, str]):
    """A table for `str.translate`, filled as characters are met; so folding runs in C."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark = mark

    def __missing__(self, code: int) -> str:
        # Bounded, so that a page of every character there is cannot keep memory.
        if len(self) > 30_000:
            self.clear()
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        kept = "".join(_SIMPLE.get(c, c) for c in folded if unicodedata.category(c)[0] in "LN")
        # Ligatures that unfold to a whole phrase (U+FDFA: 18 letters) would make time uneven.
        result = kept[:4] if kept else self._between(chr(code))
        self[code] = result
        return result

    def _between(self, char: str) -> str:
        hidden = unicodedata.category(char) in ("Cf", "Mn", "Me", "Cs", "Cn", "Co")
        return "" if hidden else self._mark


_SQUEEZE = _Folding("")
_CLAUSES = _Folding(" ")


def squeeze(text: str) -> str:
    """Letters and digits only, folded; nothing between them. Linear in the length."""
    return text.translate(_SQUEEZE)


def clauses(text: str) -> str:
    """Like `squeeze`, but one space stands wherever anything visible separated two words."""
    return " ".join(text.translate(_CLAUSES).split())
