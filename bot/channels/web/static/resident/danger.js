/* Only for a broken line: do the words that could not be sent look dangerous? The house reads them properly once it
   has them; here recall counts, and a sentence too many does no harm. Keys are those of dialogs/phrases/danger.yml. */
const SIGNS = {
  suicide_selfharm: /不想活|想死|寻死|自杀|自尽|轻生|活着没|活不下去|不如死|死了算|跳楼|跳河|割腕|安眠药|遗书|了断|不用再醒|kill myself|suicide|want to die/i,
  violence_abuse: /打我|打他|打她|家暴|虐待|砍|拿刀|弄死|杀了?我|掐我|关起来|不给.{0,6}(吃|喝)|hit(s|ting)? me|beat(s|ing)? me|knife/i,
  medical_emergency: /摔|跌倒|爬不起|昏|晕|叫不应|叫不醒|没反应|没气|透不过气|喘不|胸口?(痛|疼|闷)|心口|中风|吐血|出血|流血|抽筋|抽搐|救命|救护|chest pain|unconscious|bleeding|collapsed/i,
  trapped_missing_fire: /着火|起火|失火|火灾|冒烟|煤气|燃气|走失|走丢|不见了|找不到(人|我|他|她|爸|妈|老)|没回来|困在|关在|电梯|发大水|fire|gas|missing|trapped/i,
  no_food_shelter: /没(有)?饭吃|没吃的|饿|没地方(住|睡)|睡(马路|街)|露宿|断电|停暖|一分钱也?没|nothing to eat|nowhere to sleep/i,
};

/** The kinds of danger whose signs stand in the words. */
export function signs(text) {
  return Object.keys(SIGNS).filter((kind) => SIGNS[kind].test(text || ""));
}
