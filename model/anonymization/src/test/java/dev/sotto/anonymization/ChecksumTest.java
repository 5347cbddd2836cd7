package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {
    @Test
    void knownNumbers_theirCheckDigits_hold() {
        assertThat(Luhn.holds("79927398713")).isTrue();
        assertThat(Mod97.holds("GB82WEST12345698765432")).isTrue();
        assertThat(Mod97.holds("be68539007547034")).isTrue();
        assertThat(CitizenNumber.checks("11010519491231002X")).isTrue();
    }

    @Property
    void luhn_anySingleDigitChanged_fails(
            @ForAll @NumericChars @StringLength(15) String head,
            @ForAll @IntRange(max = 14) int position,
            @ForAll @IntRange(min = 1, max = 9) int change) {
        String number = withLuhnDigit(head);
        assertThat(Luhn.holds(number)).isTrue();
        char[] digits = number.toCharArray();
        digits[position] = (char) ('0' + (digits[position] - '0' + change) % 10);
        assertThat(Luhn.holds(new String(digits))).isFalse();
    }

    @Property
    void citizenNumber_anySingleDigitChanged_fails(
            @ForAll @NumericChars @StringLength(17) String head,
            @ForAll @IntRange(max = 16) int position,
            @ForAll @IntRange(min = 1, max = 9) int change) {
        String number = head + CitizenNumber.checkCharacter(head);
        assertThat(CitizenNumber.checks(number)).isTrue();
        char[] digits = number.toCharArray();
        digits[position] = (char) ('0' + (digits[position] - '0' + change) % 10);
        assertThat(CitizenNumber.checks(new String(digits))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "1::2::3",
                "1:2:3:4:5:6:7::8",
                "g::1",
                ":1:2:3"
            })
    void ipv6_malformed_isRefused(String token) {
        assertThat(Ipv6.valid(token)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3", "1.2.3.4.5", "256.1.1.1", "1..2.3", "1.2.3.", "0001.2.3.4", ""})
    void ipv4_malformed_isRefused(String token) {
        assertThat(Ipv4.valid(token)).isFalse();
    }

    static String withLuhnDigit(String head) {
        for (char digit = '0'; digit <= '9'; digit++) {
            if (Luhn.holds(head + digit)) {
                return head + digit;
            }
        }
        throw new AssertionError("some digit must fit");
    }
}
