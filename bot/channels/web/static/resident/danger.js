/* Only for a broken line: do the words that could not be sent look dangerous? The house reads them properly once it
   has them; here recall counts, and a sentence too many does no harm. The house's own signs (bot/channels/web/signs.py)
   are fetched while the line stands; the few below serve where they never came. Keys are those of danger.yml. */
const FEW = {
  suicide_selfharm: /[不勿弗]想再?[活醒]|活[不勿弗]下|想死|寻死|去死|自杀|自尽|轻生|活着没|活够|不如死|死了算|跳(楼|河|江|桥|下)|割.?腕|安眠药|农药|遗书|了断|一了百了|解脱|kill myself|suicide|want to die/i,
  violence_abuse: /打我|打他|打她|被.{0,4}打|又打|动手|拳打脚踢|皮带|家暴|虐待|砍|[拿把]刀|弄死|杀了?我|掐我|[关锁]起来|[锁关绑]在|不让我出|不给.{0,6}(吃|喝)|报警|hit(s|ting)? me|beat(s|ing)? me|knife/i,
  medical_emergency: /摔|跌|掼|滑倒|倒在|爬[不勿]起|起[不勿]来|昏|晕|叫[不勿]应|叫[不勿]醒|没反应|[不勿弗](会)?动|动[不勿]了|[不勿]会(说|讲)话|说不出话|没(有)?呼吸|没气|呼吸困难|透[不勿]过|喘[不勿]|胸口?(痛|疼|闷)|心口|心脏病|心跳停|中风|嘴.{0,3}歪|吐血|出血|流血|血止不住|抽筋|抽搐|触电|农药|吃错|救命|救护|救人|chest pain|unconscious|bleeding|collapsed/i,
  trapped_missing_fire: /着火|起火|失火|火灾|冒.{0,2}烟|浓烟|冒火|煤气|燃气|天然气|走失|走丢|走散|[不勿]见(了|脱)|[找寻][不勿](到|着)|没回来|没回家|联系不上|迷路|被?困在|[锁关]在|反锁|出不(来|去)|电梯|漏电|进水|发大水|fire|gas|missing|trapped/i,
  no_food_shelter: /没(有)?饭吃|没.{0,2}吃的|没吃.{0,2}(饭|东西|一口)|没米|断粮|饿|[没呒].{0,2}(地方|场化|处)(住|睡|困|过夜|去)|没处|睡.{0,2}(马路|街|桥洞|车站|公园)|露宿|流浪|无家可归|赶出|断电|停暖|冻得|一分钱也?没|nothing to eat|nowhere to sleep/i,
};
const BETWEEN = /[^0-9a-z\u3400-\u9fff]/g;  // what may stand inside words
const REACH = 16;  // characters that a sign looks to either side (dialogs/meaning/danger.py)
const plain = new Map();  // traditional and variant characters → plain ones
let known = [];

/** The house's own signs; without them the few above have to do. */
export const learned = fetch(new URL("./signs.json", import.meta.url), { priority: "low" })
  .then((answer) => answer.json())
  .then(({ pairs, signs: rows }) => {
    for (let at = 0; at < pairs.length; at += 2) plain.set(pairs[at], pairs[at + 1]);
    known = rows.flatMap(compiled);
  })
  .catch(() => {});

/** The kinds of danger whose signs stand in the words. */
export function signs(text) {
  const said = Array.from((text || "").normalize("NFKC").toLowerCase(), (one) => plain.get(one) || one).join("").replace(BETWEEN, "");
  return Object.keys(FEW).filter((kind) => FEW[kind].test(text || "") || known.some((sign) => sign.kind === kind && holds(sign, said)));
}

/** An old browser may not know how a sign is written: the others count. */
function compiled([kind, words, before, after]) {
  try {
    return [{ kind, words: new RegExp(words, "g"), before: before && new RegExp(before), after: after && new RegExp(`^${after}`) }];
  } catch (error) {
    return [];
  }
}

/** Whether one place shows the sign, and nothing that touches it takes it back. */
function holds({ words, before, after }, said) {
  words.lastIndex = 0;
  for (let found = words.exec(said); found; found = words.exec(said)) {
    const end = found.index + found[0].length;
    const denied = before && before.test(said.slice(Math.max(0, found.index - REACH), found.index));
    if (!denied && !(after && after.test(said.slice(end, end + REACH)))) return true;
    words.lastIndex = found.index + 1;
  }
  return false;
}
