package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts that make a backtracking or restarting matcher quadratic. At this length quadratic work is 10^12 steps, so the
 * generous limit tells hours from seconds and nothing finer.
 */
class HostileTextTest {
    private static final int LENGTH = 2_000_000;
    private static final Anonymizer ANONYMIZER = Anonymizer.create(Policy.defaults(), new byte[0]);

    @ParameterizedTest
    @Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ValueSource(
            strings = {
                "1",
                "1 ",
                "12-",
                "138 ",
                "a",
                "a.",
                "a@",
                "@",
                "a@b ",
                ":",
                "1:",
                "::",
                "://",
                "x://",
                "http://.",
                "www.",
                "+",
                "+1 ",
                "(",
                "(1) ",
                "GB82 ",
                "gb82a",
                "a.b@",
                "1.2.",
                ".",
                "-",
                "１ ",
                "\u200b",
                "\ud800",
                "\0",
                "1/",
                "x",
                "a-",
                "call 555 1234 ",
                "212-736-5000 ",
                "4111 1111 "
            })
    void anonymize_twoMillionCharacters_ends(String unit) {
        String text = unit.repeat(LENGTH / unit.length());
        assertThat(ANONYMIZER.anonymize(text)).isNotNull();
    }

    @Test
    void anonymize_floodOfCandidates_doesNotHideANumber() {
        String flood = "212-736-%04d, ";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            text.append(flood.formatted(i));
        }
        String result =
                ANONYMIZER.anonymize(text.append("(212) 736-5000").toString()).text();
        assertThat(result).doesNotContain("212-").doesNotContain("(212)");
    }

    @Test
    void anonymize_emptyText_staysEmpty() {
        assertThat(ANONYMIZER.anonymize("")).isEqualTo(new AnonymizedText("", List.of()));
    }
}
