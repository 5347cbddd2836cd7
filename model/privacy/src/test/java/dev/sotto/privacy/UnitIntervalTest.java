package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitIntervalTest {
    /** The first 60 digits of 1/e and of the square root of it. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 0.367879441171442321595523770161460867445811131031767834507837",
        "1, 2, 0.606530659712633423603799534991180453441918135487186955682892",
    })
    void expMinus_knownDigits_areInTheInterval(long numerator, long denominator, String digits) {
        UnitInterval value = UnitInterval.expMinus(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
        BigDecimal units = new BigDecimal(UnitInterval.UNITS);
        BigDecimal known = new BigDecimal(digits);
        BigDecimal lastDigit = new BigDecimal("1e-60");
        assertThat(new BigDecimal(value.low()))
                .isLessThanOrEqualTo(known.add(lastDigit).multiply(units));
        assertThat(new BigDecimal(value.high()))
                .isGreaterThanOrEqualTo(known.subtract(lastDigit).multiply(units));
        assertThat(width(value)).isLessThan(BigInteger.ONE.shiftLeft(12));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,1000000000", "3,7", "21,2", "99,5", "300,1"})
    void expMinus_anyFraction_agreesWithTheDouble(long numerator, long denominator) {
        UnitInterval value = UnitInterval.expMinus(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
        double exact = Math.exp(-(double) numerator / denominator);
        assertThat(value.low().doubleValue() / UnitInterval.UNITS.doubleValue())
                .isCloseTo(exact, within(exact * 1e-14 + 1e-70));
        assertThat(width(value)).isLessThan(BigInteger.ONE.shiftLeft(20));
    }

    @Test
    void times_powersOfOneValue_keepTheLawOfExponents() {
        UnitInterval third = UnitInterval.expMinus(BigInteger.ONE, BigInteger.valueOf(3));
        UnitInterval cube = third.times(third).times(third);
        UnitInterval whole = UnitInterval.expMinus(BigInteger.ONE, BigInteger.ONE);
        assertThat(cube.low()).isLessThanOrEqualTo(whole.high());
        assertThat(whole.low()).isLessThanOrEqualTo(cube.high());
    }

    private static BigInteger width(UnitInterval value) {
        return value.high().subtract(value.low());
    }
}
