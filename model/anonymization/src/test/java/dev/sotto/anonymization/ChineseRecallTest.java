package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recall on Chinese numbers that are generated with a fixed seed in every written form, between Chinese sentences. */
class ChineseRecallTest {
    private static final int VALUES = 500;
    private static final List<String> SENTENCES =
            List.of("我的号码是%s请尽快回复", "客户%s投诉过三次", "%s", "已登记：%s。", "请核对（%s）后办理", "用户留言“%s”谢谢", "尾款已付,%s,请查收");
    private static final List<UnaryOperator<String>> MOBILE = List.of(
            m -> m,
            m -> split(m, "-", 3, 4, 4),
            m -> split(m, " ", 3, 4, 4),
            m -> split(m, ".", 3, 4, 4),
            m -> split(m, "·", 3, 4, 4),
            m -> split(m, " ", 4, 4, 3),
            m -> split(m, "-", 3, 3, 5),
            m -> "+86" + m,
            m -> "+86 " + split(m, " ", 3, 4, 4),
            m -> "+86-" + split(m, "-", 3, 4, 4),
            m -> "(+86)" + m,
            m -> "86" + m,
            m -> "0086-" + m,
            ChineseRecallTest::fullWidth,
            m -> fullWidth("+86 " + split(m, "-", 3, 4, 4)));
    private static final List<UnaryOperator<String>> CITIZEN = List.of(
            n -> n,
            String::toLowerCase,
            n -> split(n, "-", 6, 8, 4),
            n -> split(n, " ", 6, 8, 4),
            n -> split(n, ".", 6, 8, 4),
            n -> split(n, " ", 6, 4, 4, 4),
            n -> split(n, " ", 3, 3, 4, 4, 4),
            n -> split(n, " ", 4, 4, 4, 4, 2),
            ChineseRecallTest::fullWidth,
            n -> fullWidth(split(n, "-", 6, 8, 4)));

    enum Kind {
        MOBILE,
        CITIZEN_VALID,
        CITIZEN_WRONG_CHECK
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anonymize_generatedNumbers_areFound(Kind kind) {
        Anonymizer anonymizer = Anonymizer.create(Policy.defaults(), new byte[0]);
        SplittableRandom random = new SplittableRandom(20240517);
        List<UnaryOperator<String>> forms = kind == Kind.MOBILE ? MOBILE : CITIZEN;
        EntityType type = kind == Kind.MOBILE ? EntityType.CN_MOBILE : EntityType.CN_ID_CARD;
        for (int form = 0; form < forms.size(); form++) {
            int found = 0;
            for (int i = 0; i < VALUES; i++) {
                String value = forms.get(form)
                        .apply(kind == Kind.MOBILE ? mobile(random) : citizen(random, kind == Kind.CITIZEN_VALID));
                String sentence = SENTENCES.get(random.nextInt(SENTENCES.size()));
                int start = sentence.indexOf("%s");
                found += anonymizer.anonymize(sentence.formatted(value)).entities().stream()
                                .anyMatch(e ->
                                        e.type() == type && e.start() == start && e.end() == start + value.length())
                        ? 1
                        : 0;
            }
            System.out.printf("%s form %d: %d of %d%n", kind, form, found, VALUES);
            assertThat(found / (double) VALUES).as("recall of form %d", form).isGreaterThanOrEqualTo(0.99);
        }
    }

    private static String mobile(SplittableRandom random) {
        return "1" + random.nextInt(3, 10) + digits(random, 9);
    }

    private static String citizen(SplittableRandom random, boolean valid) {
        String[] regions = {"110105", "310104", "440305", "510107", "650102", "330106", "420111", "810000"};
        String head = regions[random.nextInt(regions.length)]
                + String.format(
                        "%04d%02d%02d", random.nextInt(1930, 2024), random.nextInt(1, 13), random.nextInt(1, 29))
                + digits(random, 3);
        char check = CitizenNumber.checkCharacter(head);
        return head + (valid ? check : check == 'X' ? '0' : check == '9' ? 'X' : (char) (check + 1));
    }

    private static String digits(SplittableRandom random, int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    private static String split(String digits, String separator, int... lengths) {
        StringBuilder split = new StringBuilder();
        int at = 0;
        for (int length : lengths) {
            split.append(at == 0 ? "" : separator).append(digits, at, at + length);
            at += length;
        }
        return split.toString();
    }

    private static String fullWidth(String ascii) {
        StringBuilder wide = new StringBuilder();
        ascii.chars().forEach(c -> wide.append(c == ' ' ? '\u3000' : (char) (c + 0xFEE0)));
        return wide.toString();
    }
}
