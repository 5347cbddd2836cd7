package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.secagg.SiteId;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A site killed before and after each thing it writes, deletes or sends. The server side asserts throughout that copies of
 * a record are byte-identical and every sum exact.
 */
class CrashTest {
    private static final int GROUPS = 5;

    @TempDir
    Path models;

    @Test
    void site_killedAtEveryPoint_getsToTheEnd() throws Exception {
        CrashPlan plan = run(point -> true);
        // Enrolment, secrets, bundle, uploads, answers, their sends and erasures, and a position a record; twice each.
        assertThat(plan.points()).isGreaterThan(60);
        assertThat(plan.killed()).isEqualTo(plan.points());
    }

    /** Each point with undisturbed ones around it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void site_killedAtEveryFifthPoint_getsToTheEnd(int group) throws Exception {
        CrashPlan plan = run(point -> point % GROUPS == group);
        assertThat(plan.killed()).isGreaterThanOrEqualTo(plan.points() / GROUPS);
    }

    private CrashPlan run(IntPredicate kills) throws Exception {
        Federation federation = new Federation(models);
        federation.members.remove(new SiteId("bank-d"));
        Federation.Member killed = federation.member("bank-b");
        killed.plan = new CrashPlan(kills);
        federation.runTask();
        assertThat(killed.refusals()).isEmpty();
        assertThat(killed.storage.files.keySet()).containsExactly("position");
        assertThat(federation.server.manifests(1)).containsKey(killed.id);
        assertThat(federation.server.manifests(2)).containsKey(killed.id);
        assertThat(federation.server.answers(2)).containsKey(killed.id);
        return killed.plan;
    }
}
