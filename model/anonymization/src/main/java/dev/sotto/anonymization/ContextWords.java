package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The words whose presence near a finding makes it more likely, in English and Chinese. They lift a finding that its
 * form alone leaves in doubt over the threshold; they never lower one.
 */
final class ContextWords {
    private static final double RAISE = 0.35;

    /** Context alone never outranks a number whose own form proves it. */
    private static final double HIGHEST_RAISED = 0.94;

    private static final int BEFORE = 50;
    private static final int AFTER = 20;

    private static final List<String> TELEPHONE = List.of(
            "phone",
            "phones",
            "telephone",
            "tel",
            "mobile",
            "cell",
            "cellphone",
            "fax",
            "call",
            "calls",
            "calling",
            "dial",
            "sms",
            "text",
            "texts",
            "message",
            "messages",
            "whatsapp",
            "wechat",
            "contact",
            "reach",
            "desk",
            "office",
            "ring",
            "hotline",
            "answer",
            "answering",
            "手机",
            "电话",
            "联系",
            "号码",
            "致电",
            "拨打",
            "传真",
            "热线",
            "座机",
            "短信",
            "来电",
            "手机号",
            "微信");
    private static final Map<EntityType, TermAutomaton> WORDS = new EnumMap<>(Map.of(
            EntityType.EMAIL, words("email", "e-mail", "mail", "contact", "邮箱", "邮件", "电邮"),
            EntityType.PHONE, new TermAutomaton(TELEPHONE),
            EntityType.CN_MOBILE, new TermAutomaton(TELEPHONE),
            EntityType.CREDIT_CARD,
                    words(
                            "card",
                            "cards",
                            "credit",
                            "debit",
                            "cc",
                            "visa",
                            "mastercard",
                            "amex",
                            "maestro",
                            "jcb",
                            "discover",
                            "unionpay",
                            "pan",
                            "卡号",
                            "银行卡",
                            "信用卡",
                            "借记卡",
                            "储蓄卡",
                            "刷卡",
                            "卡"),
            EntityType.IBAN, words("iban", "account", "bank", "transfer", "账号", "账户", "汇款"),
            EntityType.CN_ID_CARD,
                    words(
                            "id",
                            "identity",
                            "id card",
                            "resident",
                            "identification",
                            "身份证",
                            "证件",
                            "身份号码",
                            "公民身份",
                            "证号",
                            "实名"),
            EntityType.IP_ADDRESS, words("ip", "ipv4", "ipv6", "address", "host", "server", "地址", "服务器"),
            EntityType.URL,
                    words("url", "website", "site", "link", "web", "page", "homepage", "网址", "网站", "链接", "官网")));

    private ContextWords() {}

    private static TermAutomaton words(String... words) {
        return new TermAutomaton(List.of(words));
    }

    /** The finding, raised if one of its kind's words stands shortly before or after it. */
    static Finding weigh(NormalizedText text, Finding finding) {
        TermAutomaton words = WORDS.get(finding.type());
        if (words == null || finding.score() >= HIGHEST_RAISED) {
            return finding;
        }
        String value = text.value();
        boolean near = occurs(words, value, Math.max(0, finding.start() - BEFORE), finding.start())
                || occurs(words, value, finding.end(), Math.min(value.length(), finding.end() + AFTER));
        return near ? finding.raised(RAISE, HIGHEST_RAISED, "context word near") : finding;
    }

    private static boolean occurs(TermAutomaton words, String text, int from, int to) {
        List<Integer> hits = new ArrayList<>();
        words.search(text, from, to, (start, end) -> {
            if (!insideTag(text, start, end)) {
                hits.add(start);
            }
        });
        return !hits.isEmpty();
    }

    /** The words of a tag such as {@code <CN_MOBILE_1>} say nothing about what stands beside it. */
    private static boolean insideTag(String text, int start, int end) {
        return Ascii.is(text, start - 1, '<') || Ascii.is(text, start - 1, '_') || Ascii.is(text, end, '_');
    }
}
