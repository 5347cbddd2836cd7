package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.SiteId;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds that are summed in groups, each of which can be unmasked alone. */
class GroupedRoundTest {
    @TempDir
    Path models;

    private Federation federation;

    @BeforeEach
    void found() throws Exception {
        TaskDefinition task = Parties.task("encoding:", "robust: {groups: 2}\nprotocol: {dropout: 0.25}\nencoding:");
        federation = new Federation(models, new Parties(task, 8));
        federation.sealBlock(1, 1);
    }

    @Test
    void groups_withADropout_areEachSummedExactly() throws Exception {
        federation.members.remove(new SiteId("bank-f"));
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        assertThat(federation.groups(1).count()).isEqualTo(2);
        federation.assertSumIsExact(1);
    }

    @Test
    void groups_otherThanTheTaskHasThem_areRefused() throws Exception {
        federation.open(1, 1, open -> open.setGroups(1));
        for (Federation.Member member : federation.members.values()) {
            assertThat(member.refusals()).containsExactly(Refusal.ROUND_CHANGED);
        }
        assertThat(federation.server.chunks()).isEmpty();
    }

    @Test
    void groups_ofFewSites_areOneGroup() throws Exception {
        federation.open(1, 1, open -> {
            open.setAnnounced(open.getAnnounced().subList(0, 7));
            open.setGroups(1);
        });
        assertThat(federation.server.manifests(1)).hasSize(7);
    }

    /** Six survivors would be enough for one sum, but two of them alone in their group would show each other. */
    @Test
    void survivors_ofWhomAGroupHasTooFew_areRefused() throws Exception {
        RoundGroups groups = federation.groups(1);
        Set<SiteId> group = groups.members(0);
        group.stream().limit(2).forEach(federation.members::remove);
        federation.open(1, 1, untouched -> {});
        assertThat(federation.server.manifests(1)).hasSize(6);
        federation.survivors(1);
        for (Federation.Member member : federation.members.values()) {
            assertThat(member.refusals()).containsExactly(Refusal.BAD_SURVIVORS);
        }
        assertThat(federation.server.answers(1)).isEmpty();
    }
}
