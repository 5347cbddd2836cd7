package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordination.fixture.ManualClock;
import dev.sotto.coordination.fixture.Parties;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.federation.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoordinationFunctionsTest {
    private final Play play = new Play();

    @Test
    void functions_forATask_areFive() {
        assertThat(CoordinationFunctions.of(
                                List.of(play.task), play.parties.trust(), play.parties.coordination, new ManualClock())
                        .statefulFunctions()
                        .functionSpecs())
                .hasSize(5);
    }

    @Test
    void identity_thatTheTrustFileDoesNotKnow_isRefused() {
        assertThatThrownBy(() -> CoordinationFunctions.of(
                        List.of(play.task), play.parties.trust(), play.parties.operator, new ManualClock()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nobody would believe it");
    }

    @Test
    void trust_withFewerSitesThanACohort_isRefused() {
        Parties few = new Parties(2);
        assertThatThrownBy(() ->
                        CoordinationFunctions.of(List.of(play.task), few.trust(), few.coordination, new ManualClock()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("rounds.minCohort is 3 but the trust file allows 2 sites");
    }

    @Test
    void task_givenTwice_isRefused() {
        assertThatThrownBy(() -> CoordinationFunctions.of(
                        List.of(play.task, play.task),
                        play.parties.trust(),
                        play.parties.coordination,
                        new ManualClock()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("two task files define task sentiment");
    }
}
