package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.secagg.SiteId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site killed before and after each thing it writes, deletes or sends. */
class CrashTest {
    @TempDir
    Path models;

    @Test
    void site_killedAtEveryPoint_repeatsItsBytesAndTheSumStaysExact() throws Exception {
        Parties parties = new Parties();
        int points = points(parties);
        // Position, enrolment, secrets, bundle, upload, answer, each with its send, for two rounds.
        assertThat(points).isGreaterThan(40);
        for (int point = 1; point <= points; point++) {
            Federation federation = federation(parties);
            Federation.Member killed = federation.member("bank-b");
            killed.plan = new CrashPlan(point);
            // The server side asserts that copies are byte-identical and every sum exact.
            federation.runTask();
            assertThat(killed.plan.points()).as("kill at point %d", point).isGreaterThanOrEqualTo(point);
            assertThat(killed.refusals()).as("kill at point %d", point).isEmpty();
            assertThat(killed.storage.files.keySet()).containsExactly("position");
            assertThat(federation.server.roots(2)).containsKey(killed.id);
        }
    }

    private Federation federation(Parties parties) throws Exception {
        Federation federation = new Federation(models, parties);
        federation.members.remove(new SiteId("bank-d"));
        return federation;
    }

    private int points(Parties parties) throws Exception {
        Federation federation = federation(parties);
        CrashPlan counting = new CrashPlan(Integer.MAX_VALUE);
        federation.member("bank-b").plan = counting;
        federation.runTask();
        return counting.points();
    }
}
