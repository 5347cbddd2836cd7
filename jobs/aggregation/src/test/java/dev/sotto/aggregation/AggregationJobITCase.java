package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.secagg.RoundId;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds on a real broker: four sites, masks, a lost site, and a model that is the sum of the survivors to the bit. */
class AggregationJobITCase {
    @TempDir
    Path directory;

    @Test
    void round_siteLostMidUpload_modelIsExactSumOfSurvivors() throws Exception {
        TestFederation federation = new TestFederation(4);
        LocalModelStore store = new LocalModelStore(directory.resolve("models"));
        Checkpoint first = Checkpoint.initial(federation.task(), 7);
        URI location = store.put(first);
        try (KafkaParties parties = new KafkaParties(directory.resolve("kafka"), federation);
                LocalJob job = LocalJob.start(
                        federation,
                        parties.bootstrap(),
                        directory.resolve("models").toUri(),
                        directory.resolve("checkpoints"))) {
            Checkpoint second = lossyRound(federation, parties, first, location);
            fullRound(federation, parties, store, second);
            assertThat(parties.count(Topics.MODELS.name(), Kind.MODEL)).isEqualTo(2);
        }
    }

    private Checkpoint lossyRound(TestFederation federation, KafkaParties parties, Checkpoint model, URI location)
            throws Exception {
        RoundId round = federation.round(1);
        Upload lost = federation.upload(TestFederation.LOST, 1, model.sha256(), 99);
        List<Upload> survivors = uploads(federation, parties, 1, model, 3);
        parties.producer(lost.site()).beginTransaction();
        parties.transcript(federation.roundOpen(1, model, location, System.currentTimeMillis() + 10_000));
        KafkaParties.sendChunks(
                parties.producer(lost.site()), round, lost.chunks().subList(0, 3));
        parties.producer(lost.site()).flush();
        survivors.forEach(upload -> parties.upload(round, upload));
        parties.restart(lost.site());

        WindowClosed closed = closed(parties, 1);
        assertThat(closed.getSurvivors()).extracting(Survivor::getSite).containsExactly("site-0", "site-1", "site-2");
        assertThat(AvroCodec.bytes(closed.getSurvivors().get(1).getRoot()))
                .isEqualTo(survivors.get(1).root());
        parties.transcript(federation.survivors(1, survivors));
        parties.unmask(round, federation.seeds(1, model.sha256(), survivors));

        ModelAnnounced announced = model(parties, 1);
        Expected expected = Expected.of(federation.task(), 1, model, survivors, Expected.silence());
        requireSame(announced, expected);
        Checkpoint next = new LocalModelStore(directory)
                .get(URI.create(announced.getLocation()), expected.checkpoint().sha256());
        assertThat(next.manifestFile()).isEqualTo(expected.checkpoint().manifestFile());
        return next;
    }

    private void fullRound(TestFederation federation, KafkaParties parties, LocalModelStore store, Checkpoint model)
            throws Exception {
        RoundId round = federation.round(2);
        parties.transcript(federation.roundOpen(2, model, store.put(model), System.currentTimeMillis() + 120_000));
        List<Upload> survivors = uploads(federation, parties, 2, model, 4);
        survivors.forEach(upload -> parties.upload(round, upload));
        // All announced sites are there, so nobody waits for the deadline.
        assertThat(closed(parties, 2).getSurvivors()).hasSize(4);
        parties.transcript(federation.survivors(2, survivors));
        parties.unmask(round, federation.seeds(2, model.sha256(), survivors));
        requireSame(model(parties, 2), Expected.of(federation.task(), 2, model, survivors, Expected.silence()));
        assertThat(parties.count(Topics.ARRIVALS.name(), Kind.ARRIVAL)).isEqualTo(3 + 4);
    }

    /** Prepared, with their producers connected, so that sending them takes no time to speak of. */
    private static List<Upload> uploads(
            TestFederation federation, KafkaParties parties, int round, Checkpoint model, int sites) throws Exception {
        List<Upload> uploads = new ArrayList<>();
        for (int i = 0; i < sites; i++) {
            Upload upload = federation.upload(TestFederation.site(i), round, model.sha256(), 100L * round + i);
            parties.producer(upload.site());
            uploads.add(upload);
        }
        return uploads;
    }

    private static void requireSame(ModelAnnounced announced, Expected expected) {
        assertThat(AvroCodec.bytes(announced.getAggregateHash())).isEqualTo(expected.aggregateHash());
        assertThat(AvroCodec.bytes(announced.getSha256()))
                .isEqualTo(expected.checkpoint().sha256());
        assertThat(announced.getVersion())
                .isEqualTo(expected.checkpoint().manifest().version());
        assertThat(announced.getSurvivors())
                .hasSize(expected.checkpoint().manifest().survivors());
    }

    static WindowClosed closed(KafkaParties parties, int round) throws Exception {
        return parties.await(
                        Topics.ARRIVALS.name(),
                        Kind.WINDOW_CLOSED,
                        record -> read(record, WindowClosed.class).getRound() == round)
                .payload(WindowClosed.class);
    }

    static ModelAnnounced model(KafkaParties parties, int round) throws Exception {
        return parties.await(
                        Topics.MODELS.name(),
                        Kind.MODEL,
                        record -> read(record, ModelAnnounced.class).getRound() == round)
                .payload(ModelAnnounced.class);
    }

    static <T extends org.apache.avro.specific.SpecificRecordBase> T read(SignedRecord record, Class<T> type) {
        try {
            return record.payload(type);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
