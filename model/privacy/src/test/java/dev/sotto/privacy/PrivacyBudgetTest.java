package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PrivacyBudgetTest {
    @Property(tries = 100)
    void ofEpsilon_anyBudget_isUsedUpAndNotExceeded(
            @ForAll @DoubleRange(min = 0.05, max = 60) double epsilon,
            @ForAll @DoubleRange(min = -12, max = -2) double logDelta) {
        double delta = Math.pow(10, logDelta);
        PrivacyBudget budget = PrivacyBudget.ofEpsilon(epsilon, delta);
        assertThat(ZCdp.epsilon(budget.rho(), delta)).isBetween(epsilon * (1 - 1e-9), epsilon);
    }

    @Property(tries = 100)
    void leastOrder_anyPartOfTheBudgetSpent_isNotAboveTheOrderOfItsEpsilon(
            @ForAll @DoubleRange(min = 0.05, max = 60) double epsilon,
            @ForAll @DoubleRange(min = -12, max = -2) double logDelta,
            @ForAll @DoubleRange(min = 0.01, max = 1) double part) {
        double delta = Math.pow(10, logDelta);
        PrivacyBudget budget = PrivacyBudget.ofEpsilon(epsilon, delta);
        double least = budget.leastOrder();
        double spent = part * budget.rho();
        double atLeast = RdpConversion.epsilonAt(least, least * spent, delta);
        double below = RdpConversion.epsilonAt(1 + (least - 1) * 0.98, (1 + (least - 1) * 0.98) * spent, delta);
        assertThat(below).isGreaterThan(atLeast);
        assertThat(RdpConversion.epsilonAt(least, least * budget.rho(), delta))
                .isCloseTo(epsilon, within(epsilon * 1e-9));
    }

    @Property(tries = 100)
    void admit_equalCharges_areAllAdmittedAndOneMoreIsNot(
            @ForAll @IntRange(min = 1, max = 2000) int rounds,
            @ForAll @DoubleRange(min = 0.5, max = 20) double epsilon) {
        PrivacyBudget budget = PrivacyBudget.ofEpsilon(epsilon, 1e-5);
        double charge = budget.rho() / rounds;
        double spent = 0;
        for (int i = 0; i < rounds; i++) {
            assertThat(budget.admit(spent, charge).granted()).isTrue();
            spent += charge;
        }
        assertThat(ZCdp.epsilon(spent, 1e-5)).isLessThanOrEqualTo(epsilon);
        assertThat(budget.admit(spent, charge).granted()).isFalse();
    }

    @Test
    void admit_chargeThatFits_saysTheNewTotal() {
        assertThat(PrivacyBudget.ofEpsilon(8, 1e-5).admit(0.25, 0.5)).isEqualTo(new Admission.Granted(0.75));
    }

    @Test
    void admit_chargeBeyondTheBound_saysSpentAskedAndBound() {
        PrivacyBudget budget = PrivacyBudget.ofEpsilon(4.72838699, 1e-5);
        Admission admission = budget.admit(0.4, 0.125);
        assertThat(admission).isInstanceOf(Admission.Refused.class);
        assertThat(((Admission.Refused) admission).reason())
                .contains(
                        "rho 0.400000 is spent",
                        "asks rho 0.125000",
                        "bound rho 0.500000 (epsilon 4.7284)",
                        "new task");
    }

    @Test
    void admit_barelyBeyondTheBound_isRefused() {
        PrivacyBudget budget = PrivacyBudget.ofEpsilon(3, 1e-6);
        assertThat(budget.admit(0, budget.rho()).granted()).isTrue();
        assertThat(budget.admit(0, budget.rho() * (1 + 1e-11)).granted()).isFalse();
    }

    @Test
    void create_rhoAboveEpsilon_isRefused() {
        assertThatThrownBy(() -> new PrivacyBudget(1, 1e-5, 0.5, PrivacyBudget.ALL_ORDERS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4.728");
    }

    @Test
    void admit_badArguments_sayTheValue() {
        PrivacyBudget budget = PrivacyBudget.ofEpsilon(3, 1e-6);
        assertThatThrownBy(() -> budget.admit(-1, 1)).hasMessageContaining("got -1.0");
        assertThatThrownBy(() -> budget.admit(0, 0)).hasMessageContaining("got 0.0");
        assertThatThrownBy(() -> budget.admit(0, Double.NaN)).hasMessageContaining("got NaN");
        assertThatThrownBy(() -> PrivacyBudget.ofEpsilon(0, 1e-6)).hasMessageContaining("got 0.0");
    }

    @Test
    void ofEpsilon_withALargestOrder_isTheMostRhoThatThoseOrdersShow() {
        PrivacyBudget budget = PrivacyBudget.ofEpsilon(8, 1e-5, 5);
        assertThat(budget.epsilonOf(budget.rho())).isBetween(8 * (1 - 1e-9), 8.0);
        double atTheLargest = RdpConversion.epsilonAt(5, 5 * budget.rho(), 1e-5);
        assertThat(budget.epsilonOf(budget.rho())).isLessThanOrEqualTo(atTheLargest);
        assertThat(budget.epsilonOf(0.01)).isGreaterThan(ZCdp.epsilon(0.01, 1e-5));
        assertThat(budget.epsilonOf(0)).isZero();
    }

    @Test
    void ofEpsilon_ofOrdersTooSmallForDelta_isRefused() {
        assertThatThrownBy(() -> PrivacyBudget.ofEpsilon(1, 1e-5, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no rho keeps epsilon 1.0 at delta 1.0E-5 with orders up to 3");
        assertThatThrownBy(() -> new PrivacyBudget(1, 1e-5, 0.5, 1)).hasMessageContaining("[2, 1024], got 1");
    }
}
