package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recognizer, every written form, good and bad check digits, English and Chinese neighbours. */
class SurfaceFormTest {
    private static final Anonymizer ANONYMIZER = Anonymizer.create(Policy.defaults(), new byte[0]);

    private record Form(EntityType type, String value, boolean needsContext) {}

    private static final List<Form> FORMS = List.of(
            form(EntityType.EMAIL, "jane.o'neil+tag@mail.example.co.uk"),
            form(EntityType.EMAIL, "x_1@example.com"),
            form(EntityType.EMAIL, "ｌｉ＠ｅｘａｍｐｌｅ．ｃｎ"),
            form(EntityType.EMAIL, "josé@exämple.de"),
            doubtful(EntityType.EMAIL, "root@localhost"),
            form(EntityType.URL, "https://example.com/a/b?c=d#e"),
            form(EntityType.URL, "http://user:pw@10.0.0.1:8080/"),
            form(EntityType.URL, "www.example.org/path"),
            form(EntityType.URL, "ｈｔｔｐ：／／ｅｘａｍｐｌｅ．ｃｏｍ"),
            doubtful(EntityType.URL, "example.com"),
            form(EntityType.IP_ADDRESS, "192.168.17.254"),
            form(EntityType.IP_ADDRESS, "１９２．１６８．１７．２５４"),
            form(EntityType.IP_ADDRESS, "2001:db8:0:0:8:800:200c:417a"),
            form(EntityType.IP_ADDRESS, "2001:DB8::8:800:200C:417A"),
            form(EntityType.IP_ADDRESS, "fe80::1ff:fe23:4567:890a"),
            form(EntityType.IP_ADDRESS, "::ffff:192.0.2.128"),
            doubtful(EntityType.IP_ADDRESS, "::1"),
            form(EntityType.CREDIT_CARD, "4111111111111111"),
            form(EntityType.CREDIT_CARD, "4111 1111 1111 1111"),
            form(EntityType.CREDIT_CARD, "4111-1111-1111-1111"),
            form(EntityType.CREDIT_CARD, "4111.1111.1111.1111"),
            form(EntityType.CREDIT_CARD, "４１１１１１１１１１１１１１１１"),
            form(EntityType.CREDIT_CARD, "3782 822463 10005"),
            form(EntityType.CREDIT_CARD, "6222 0212 3456 7890 128"),
            doubtful(EntityType.CREDIT_CARD, "4111111111111112"),
            doubtful(EntityType.CREDIT_CARD, "4111 1111 1111 1112"),
            doubtful(EntityType.CREDIT_CARD, "9999-9999-9999-9991"),
            form(EntityType.IBAN, "GB82WEST12345698765432"),
            form(EntityType.IBAN, "GB82 WEST 1234 5698 7654 32"),
            form(EntityType.IBAN, "gb82west12345698765432"),
            form(EntityType.IBAN, "DE89-3704-0044-0532-0130-00"),
            form(EntityType.IBAN, "ＤＥ８９３７０４００４４０５３２０１３０００"),
            form(EntityType.IBAN, "GB83WEST12345698765432"),
            form(EntityType.IBAN, "DE88 3704 0044 0532 0130 00"),
            form(EntityType.CN_ID_CARD, "11010519491231002X"),
            form(EntityType.CN_ID_CARD, "11010519491231002x"),
            form(EntityType.CN_ID_CARD, "440524198001010013"),
            form(EntityType.CN_ID_CARD, "110105-19491231-002X"),
            form(EntityType.CN_ID_CARD, "110105 1949 1231 002X"),
            form(EntityType.CN_ID_CARD, "110105.19491231.002X"),
            form(EntityType.CN_ID_CARD, "１１０１０５１９４９１２３１００２Ｘ"),
            form(EntityType.CN_ID_CARD, "110105194912310021"),
            doubtful(EntityType.CN_ID_CARD, "110105194913310021"),
            doubtful(EntityType.CN_ID_CARD, "110105491231002"),
            form(EntityType.CN_MOBILE, "13812345678"),
            form(EntityType.CN_MOBILE, "138 1234 5678"),
            form(EntityType.CN_MOBILE, "138-1234-5678"),
            form(EntityType.CN_MOBILE, "138.1234.5678"),
            form(EntityType.CN_MOBILE, "138·1234·5678"),
            form(EntityType.CN_MOBILE, "1381 2345 678"),
            form(EntityType.CN_MOBILE, "1 3 8 1 2 3 4 5 6 7 8"),
            form(EntityType.CN_MOBILE, "+8613812345678"),
            form(EntityType.CN_MOBILE, "+86 138 1234 5678"),
            form(EntityType.CN_MOBILE, "+86-138-1234-5678"),
            form(EntityType.CN_MOBILE, "(+86)138 1234 5678"),
            form(EntityType.CN_MOBILE, "8613812345678"),
            form(EntityType.CN_MOBILE, "008613812345678"),
            form(EntityType.CN_MOBILE, "１３８１２３４５６７８"),
            form(EntityType.CN_MOBILE, "＋８６　１３８－１２３４－５６７８"),
            form(EntityType.CN_MOBILE, "138\u200b1234\u200b5678"),
            form(EntityType.PHONE, "+1 212-555-2368"),
            form(EntityType.PHONE, "(212) 736-5000"),
            form(EntityType.PHONE, "212.736.5000"),
            form(EntityType.PHONE, "+44 20 7946 0958"),
            form(EntityType.PHONE, "0044 20 7946 0958"),
            form(EntityType.PHONE, "＋４４　２０　７９４６　０９５８"),
            form(EntityType.PHONE, "+46 (0)8 928 571 38"),
            form(EntityType.PHONE, "010-62345678"),
            form(EntityType.PHONE, "(212) 736-5000 ext. 42"),
            doubtful(EntityType.PHONE, "2127365000"),
            doubtful(EntityType.PHONE, "467 3395"));

    private static final List<String> PLAIN =
            List.of("%s", "see %s now", "请记%s谢谢", "（%s）", "“%s”。", "\n%s\n", "资料：%s，完毕");

    private static Form form(EntityType type, String value) {
        return new Form(type, value, false);
    }

    private static Form doubtful(EntityType type, String value) {
        return new Form(type, value, true);
    }

    private static String context(EntityType type, boolean chinese) {
        return switch (type) {
            case EMAIL -> chinese ? "邮箱%s谢谢" : "my email is %s thanks";
            case URL -> chinese ? "网址%s谢谢" : "website: %s";
            case IP_ADDRESS -> chinese ? "服务器%s谢谢" : "server %s is down";
            case CREDIT_CARD -> chinese ? "卡号%s谢谢" : "my card %s was lost";
            case IBAN -> chinese ? "账号%s谢谢" : "account %s please";
            case CN_ID_CARD -> chinese ? "身份证%s谢谢" : "resident id %s please";
            default -> chinese ? "电话%s谢谢" : "please call %s today";
        };
    }

    static Stream<Arguments> cases() {
        return FORMS.stream().flatMap(form -> {
            Stream<String> contexts = Stream.of(context(form.type, false), context(form.type, true));
            Stream<String> all = form.needsContext ? contexts : Stream.concat(contexts, PLAIN.stream());
            return all.map(template -> Arguments.of(form.type, form.value, template));
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anonymize_knownForm_isReplacedWholeAndAlone(EntityType type, String value, String template) {
        AnonymizedText result = ANONYMIZER.anonymize(template.formatted(value));
        int start = template.indexOf("%s");
        assertThat(result.entities()).hasSize(1);
        RedactedEntity entity = result.entities().get(0);
        assertThat(entity.type()).isEqualTo(type);
        assertThat(entity.start()).isEqualTo(start);
        assertThat(entity.end()).isEqualTo(start + value.length());
        String tag = result.text().substring(entity.outputStart(), entity.outputEnd());
        assertThat(tag).startsWith("<" + type);
        assertThat(result.text()).isEqualTo(template.formatted(tag));
    }

    static Stream<Arguments> doubtfulForms() {
        return FORMS.stream().filter(Form::needsContext).map(form -> Arguments.of(form.type, form.value));
    }

    @ParameterizedTest
    @MethodSource("doubtfulForms")
    void anonymize_doubtfulFormWithoutContext_isLeft(EntityType type, String value) {
        assertThat(ANONYMIZER.anonymize("see " + value + " now").entities())
                .as("%s", type)
                .isEmpty();
    }

    static Stream<String> harmless() {
        return Stream.of(
                "Version 2.17.3 of 2024-05-17, 12:30:45",
                "The price rose 3.14159265 % to 1,234,567.89 on 12/05/2023",
                "std::vector<int> a::b and 12:34:56",
                "订单号20240517，价格￥199.00，共3件",
                "call me at noon, room 12-34",
                "a@ @b @ c",
                "https:// and www. alone",
                "上证指数3100.25点，成交1.2万亿",
                "2 x 4 x 8, 100-200, 3/4");
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void anonymize_harmlessNumbers_areLeft(String text) {
        assertThat(ANONYMIZER.anonymize(text).text()).isEqualTo(text);
    }
}
