package dev.sotto.coordination.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordination.fixture.Parties;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.StrictYaml;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.GraphParameters;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CoordinatedTaskTest {
    private static final String ROUNDS = "count: 1, perBlock: 2";

    @Test
    void groups_withMoreSitesThanTheCompleteGraphIsFor_areRefused() {
        assertThatThrownBy(() -> task(Play.text() + "robust: {groups: 2}\n", 101))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("robust.groups is 2 but the trust file allows 101 sites")
                .hasMessageContaining("set robust.groups to 1");
        assertThat(task(Play.text() + "robust: {groups: 2}\n", 100).mayBeSparse())
                .isFalse();
    }

    @Test
    void removal_withMoreSitesThanTheCompleteGraphIsFor_isRefused() {
        String removal = Play.text()
                .replace(
                        "chunkEntries: 128, clipNorm: 4.0, scale: 65536",
                        "chunkEntries: 132, clipNorm: 4.0, scale: 4096")
                .replace("mode: central", "mode: distributed, removal: true");
        assertThatThrownBy(() -> task(removal, 101))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("privacy.removal is true but the trust file allows 101 sites")
                .hasMessageContaining("set privacy.removal to false");
        assertThat(task(removal, 100).mayBeSparse()).isFalse();
    }

    @Test
    void adaptiveClip_thatNoiseWouldSteer_isRefused() {
        String adaptive =
                Play.text().replace("scale: 65536", "scale: 65536, adaptive: {target: 0.5, rate: 0.2, share: 0.5}");
        assertThatThrownBy(() -> task(adaptive, 4))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("it takes 11 survivors")
                .hasMessageContaining("keep encoding.clipNorm fixed");
        assertThat(task(adaptive.replace("minCohort: 3, minSurvivors: 3", "minCohort: 11, minSurvivors: 11"), 12)
                        .clipAdapts())
                .isTrue();
    }

    @Test
    void buffer_thatCannotBeUnmasked_isRefused() {
        assertThatThrownBy(() -> task(Play.text().replace(ROUNDS, ROUNDS + ", closeAfter: 3"), 6))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("rounds.closeAfter is 3 but a cohort of all 6 allowed sites needs 4");
        assertThat(task(Play.text().replace(ROUNDS, ROUNDS + ", closeAfter: 4"), 6)
                        .rounds()
                        .closeAfter())
                .isEqualTo(4);
    }

    @Test
    void threshold_onTheCompleteGraph_followsTheColludersAndIsAMajority() {
        CoordinatedTask task = task(Play.text() + "protocol: {colluding: 0.2}\n", 20);
        assertThat(task.graph(20)).isEqualTo(new GraphParameters(0, 13));
        assertThat(task.graph(4)).isEqualTo(new GraphParameters(0, 3));
        assertThat(task(Play.text() + "protocol: {colluding: 0.0}\n", 20).graph(20))
                .isEqualTo(new GraphParameters(0, 11));
    }

    private static CoordinatedTask task(String yaml, int sites) {
        TaskDefinition definition = StrictYaml.read(
                new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "task.yaml", TaskDefinition.class);
        return CoordinatedTask.of(definition, new Parties(sites).trust());
    }
}
