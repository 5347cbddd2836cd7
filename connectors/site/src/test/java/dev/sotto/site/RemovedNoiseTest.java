package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.UnmaskCodec;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.federation.NoiseLink;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.Disclosing;
import dev.sotto.secagg.Disclosure;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SurvivorSet;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sites tell of their noise: six of which two may drop out. */
class RemovedNoiseTest {
    private static final TaskDefinition TASK = Parties.task(
            "encoding:",
            "protocol: {dropout: 0.34}\nencoding:",
            "chunkEntries: 2048",
            "chunkEntries: 2052",
            "scale: 65536",
            "scale: 16384",
            "mode: central",
            "mode: distributed, removal: true");
    private static final SiteId FIRST = new SiteId("bank-a");

    @TempDir
    Path models;

    private Federation federation;

    private void answered(int dropouts) throws Exception {
        federation = new Federation(models, new Parties(TASK, 6));
        federation.sealBlock(1, 1);
        for (int i = 0; i < dropouts; i++) {
            federation.members.remove(federation.members.lastKey());
        }
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        assertThat(federation.server.answers(1)).hasSize(6 - dropouts);
    }

    private SurvivorSet survivors() {
        return new SurvivorSet(
                federation.round(1),
                federation.groups(1),
                new TreeSet<>(federation.server.manifests(1).keySet()));
    }

    private SortedMap<SiteId, Disclosure> given() throws Exception {
        SortedMap<SiteId, Disclosure> given = new TreeMap<>();
        for (Map.Entry<SiteId, SignedRecord> answer :
                federation.server.answers(1).entrySet()) {
            UnmaskCodec.noise(answer.getValue().payload(Unmask.class))
                    .ifPresent(noise -> given.put(answer.getKey(), noise));
        }
        return given;
    }

    private byte[] anchor(SiteId site) throws Exception {
        byte[] manifest = federation.server.manifests(1).get(site);
        return AvroCodec.bytes(
                federation.verifier().open(manifest).payload(Manifest.class).getNoiseAnchor());
    }

    private void assertTold(int component) throws Exception {
        SortedMap<SiteId, byte[]> opened =
                Disclosing.open(survivors(), federation.coordination.terms.threshold(), given());
        assertThat(opened.keySet()).isEqualTo(survivors().survivors());
        for (Map.Entry<SiteId, byte[]> secret : opened.entrySet()) {
            NoiseLink link = NoiseLink.of(federation.round(1), component, secret.getValue());
            assertThat(link.at(3).bytes()).isEqualTo(anchor(secret.getKey()));
        }
    }

    @Test
    void answers_withoutDropouts_tellTheLinkOfTheFirstComponent() throws Exception {
        answered(0);
        assertTold(1);
    }

    @Test
    void answers_withADropout_tellTheNextLinkAlone() throws Exception {
        answered(1);
        assertTold(2);
    }

    @Test
    void answers_withAsManyDropoutsAsTolerated_tellNothing() throws Exception {
        answered(2);
        assertThat(given()).isEmpty();
        assertThat(anchor(FIRST)).hasSize(NoiseLink.BYTES);
    }

    /** The part that stays is nowhere, what can be told is with the upload, and nothing is left when the round is over. */
    @Test
    void journal_ofARound_holdsWhatCanBeToldUntilItEnds() throws Exception {
        answered(0);
        MemoryStorage storage = federation.member("bank-a").storage;
        byte[] kept = storage.files.get("block-1.round-1.noise");
        assertThat(NoiseLink.of(federation.round(1), 1, kept).at(3).bytes()).isEqualTo(anchor(FIRST));
        federation.coordination.result(1);
        federation.catchUp();
        assertThat(storage.files).doesNotContainKey("block-1.round-1.noise");
    }

    @Test
    void answer_ofASiteThatLostWhatItsNoiseComesFrom_opensTheOthersOnly() throws Exception {
        federation = new Federation(models, new Parties(TASK, 6));
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.member("bank-a").storage.delete("block-1.round-1.noise");
        federation.survivors(1);
        assertThat(given().get(FIRST).boxes()).isEmpty();
        assertThat(Disclosing.open(survivors(), federation.coordination.terms.threshold(), given()))
                .hasSize(5)
                .doesNotContainKey(FIRST);
    }

    @Test
    void upload_ofATaskWhoseNoiseStays_hasNoAnchorAndTellsNothing() throws Exception {
        federation = new Federation(models);
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.survivors(1);
        assertThat(anchor(FIRST)).isEmpty();
        assertThat(given()).isEmpty();
        assertThat(federation.member("bank-a").storage.files).doesNotContainKey("block-1.round-1.noise");
    }
}
