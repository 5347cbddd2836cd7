package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.site;
import static dev.sotto.secagg.TestCohort.sites;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoundGroupsTest {
    private static final RoundId ROUND = new RoundId(new TaskId("demo"), 3);
    private static final byte[] SEAL = Sha256.of(new byte[] {3});

    private static SortedSet<SiteId> announced(int n) {
        SortedSet<SiteId> sites = new TreeSet<>();
        for (int i = 0; i < n; i++) {
            sites.add(site(i));
        }
        return sites;
    }

    @Property(tries = 200)
    void draw_anyCount_partsTheAnnouncedEvenly(
            @ForAll @IntRange(min = 2, max = 60) int n, @ForAll @IntRange(min = 1, max = 30) int some) {
        int count = 1 + some % (n / 2);
        RoundGroups groups = RoundGroups.draw(SEAL, ROUND, announced(n), count);

        assertThat(groups.count()).isEqualTo(count);
        SortedSet<SiteId> seen = new TreeSet<>();
        int least = n;
        int most = 0;
        for (int group = 0; group < count; group++) {
            SortedSet<SiteId> members = groups.members(group);
            least = Math.min(least, members.size());
            most = Math.max(most, members.size());
            for (SiteId member : members) {
                assertThat(seen.add(member)).isTrue();
                assertThat(groups.groupOf(member)).isEqualTo(group);
            }
        }
        assertThat(seen).isEqualTo(groups.announced()).isEqualTo(announced(n));
        assertThat(most - least).isLessThanOrEqualTo(1);
    }

    @Test
    void draw_sameSealAndRound_isTheSameForAll() {
        RoundGroups groups = RoundGroups.draw(SEAL, ROUND, announced(30), 4);

        assertThat(RoundGroups.draw(SEAL, ROUND, announced(30), 4)).isEqualTo(groups);
        assertThat(RoundGroups.draw(SEAL, new RoundId(ROUND.task(), 4), announced(30), 4))
                .isNotEqualTo(groups);
        assertThat(RoundGroups.draw(Sha256.of(), ROUND, announced(30), 4)).isNotEqualTo(groups);
        assertThat(groups).hasToString("30 sites in 4 groups");
    }

    @Test
    void single_announced_isOneGroup() {
        RoundGroups groups = RoundGroups.single(sites(0, 4));

        assertThat(groups).isEqualTo(RoundGroups.draw(SEAL, ROUND, sites(0, 4), 1));
        assertThat(groups.members(0)).isEqualTo(sites(0, 4));
        assertThat(groups.groupOf(site(4))).isZero();
    }

    @Test
    void groups_outOfRange_refusedNamingTheBound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoundGroups.draw(SEAL, ROUND, announced(9), 5))
                .withMessageContaining("is 5 but must be 1 to 4, half of the 9 announced");
        assertThatIllegalArgumentException().isThrownBy(() -> RoundGroups.draw(SEAL, ROUND, announced(9), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> RoundGroups.draw(new byte[5], ROUND, announced(9), 2));
        assertThatIllegalArgumentException().isThrownBy(() -> RoundGroups.single(sites()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoundGroups.single(sites(0, 1)).groupOf(site(2)))
                .withMessageContaining("site-002");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> RoundGroups.single(sites(0, 1)).members(1));
    }
}
