package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.DeadLetter;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything bad that can be sent in a round: each ends as a dead letter with its reason, and the round ends well. */
class RefusalsITCase {
    private static final String UPDATES = Topics.UPDATES.name();
    private static final String MANIFESTS = Topics.MANIFESTS.name();
    private static final String ROUNDS = Topics.ROUNDS.name();
    private static final String UNMASK = Topics.UNMASK.name();
    private static final byte[] GARBAGE = {9, 9, 9, 9, 9, 9, 9};
    private static final SiteId TAMPERED = TestFederation.site(3);
    private static final SiteId LATE = TestFederation.site(4);

    @TempDir
    Path directory;

    private TestFederation federation;
    private KafkaParties parties;
    private Checkpoint model;
    private RoundId round;

    @Test
    void badInput_ofEveryKind_isDeadLetterAndTheTaskGoesOn() throws Exception {
        federation = new TestFederation(5);
        model = Checkpoint.initial(federation.task(), 7);
        URI location = new LocalModelStore(directory.resolve("models")).put(model);
        try (KafkaParties kafka = new KafkaParties(directory.resolve("kafka"), federation);
                LocalJob job = LocalJob.start(
                        federation,
                        kafka.bootstrap(),
                        directory.resolve("models").toUri(),
                        directory.resolve("checkpoints"))) {
            parties = kafka;
            federation.everyone().forEach(parties::producer);
            roundWithALiar(location);
            roundWithStrayRecords(location);
            requireDeadLetters();
        }
    }

    /** A site signs for a chunk that it does not send: the round is lost, and the site is named. */
    private void roundWithALiar(URI location) throws Exception {
        parties.transcript(federation.roundOpen(1, model, location, System.currentTimeMillis() + 6_000));
        round = federation.round(1);
        List<Upload> uploads = uploads(1);
        uploads.subList(0, 3).forEach(upload -> parties.upload(round, upload));
        parties.upload(round, tampered(uploads.get(3)));
        WindowClosed closed = AggregationJobITCase.closed(parties, 1);
        assertThat(closed.getSurvivors())
                .extracting(Survivor::getSite)
                .containsExactly("site-0", "site-1", "site-2", "site-3");
        assertThat(closed.getIncomplete()).containsExactly(TAMPERED.value());
        parties.transcript(federation.aborted(1));
    }

    private void roundWithStrayRecords(URI location) throws Exception {
        parties.transcript(federation.roundOpen(2, model, location, System.currentTimeMillis() + 8_000));
        round = federation.round(2);
        List<Upload> uploads = uploads(2);
        List<Upload> good = uploads.subList(0, 3);
        good.forEach(upload -> parties.upload(round, upload));
        parties.upload(round, good.get(0));
        sendBadChunks(good.get(0));
        sendBadManifests(good.get(1));
        sendBadTranscript();

        WindowClosed closed = AggregationJobITCase.closed(parties, 2);
        assertThat(closed.getSurvivors()).extracting(Survivor::getSite).containsExactly("site-0", "site-1", "site-2");
        assertThat(closed.getIncomplete()).isEmpty();
        parties.upload(round, uploads.get(4));
        parties.transcript(federation.survivors(2, good));
        parties.unmask(round, federation.seeds(2, model.sha256(), uploads.subList(0, 4)));
        parties.unmask(round, GARBAGE);
        parties.unmask(round, federation.seeds(2, model.sha256(), good));

        ModelAnnounced announced = AggregationJobITCase.model(parties, 2);
        Expected expected = Expected.of(federation.task(), 2, model, good, Expected.silence());
        assertThat(AvroCodec.bytes(announced.getSha256()))
                .isEqualTo(expected.checkpoint().sha256());
        assertThat(AvroCodec.bytes(announced.getAggregateHash())).isEqualTo(expected.aggregateHash());
    }

    private List<Upload> uploads(int number) throws Exception {
        List<Upload> uploads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            uploads.add(federation.upload(TestFederation.site(i), number, model.sha256(), i));
        }
        return uploads;
    }

    /** One entry of its first chunk is another, so that chunk's proof leads to another root. */
    private static Upload tampered(Upload upload) throws Exception {
        MaskedChunk chunk = AvroCodec.decode(upload.chunks().get(0), MaskedChunk.class);
        byte[] data = AvroCodec.bytes(chunk.getData());
        data[0]++;
        chunk.setData(ByteBuffer.wrap(data));
        List<byte[]> chunks = new ArrayList<>(upload.chunks());
        chunks.set(0, AvroCodec.encode(chunk));
        return upload.withChunks(chunks);
    }

    private void sendBadChunks(Upload good) throws Exception {
        byte[] whole = good.chunks().get(1);
        sendChunk(GARBAGE);
        sendChunk(Arrays.copyOf(whole, whole.length - 40));
        sendChunk(oversize());
        MaskedChunk shorter = AvroCodec.decode(whole, MaskedChunk.class);
        shorter.setData(ByteBuffer.wrap(Arrays.copyOf(AvroCodec.bytes(shorter.getData()), 4 * 252)));
        sendChunk(AvroCodec.encode(shorter));
        MaskedChunk stranger = AvroCodec.decode(whole, MaskedChunk.class);
        stranger.setSite("stranger");
        sendChunk(AvroCodec.encode(stranger));
        MaskedChunk elsewhere = AvroCodec.decode(whole, MaskedChunk.class);
        elsewhere.setTask("weather");
        sendChunk(AvroCodec.encode(elsewhere));
        // Whole and true, but under another key than its own.
        parties.coordinate(UPDATES, RecordKeys.update(round, new ChunkIndex(0)), whole);
    }

    /** As large as the broker takes. */
    private static byte[] oversize() {
        return new byte[Topics.UPDATES.maxMessageBytes() - 200];
    }

    private void sendChunk(byte[] value) throws Exception {
        parties.coordinate(UPDATES, null, value);
    }

    private void sendBadManifests(Upload good) throws Exception {
        sendManifest(GARBAGE);
        EnvelopeSigner stranger = new EnvelopeSigner("stranger", IdentityKeyPair.generate(new SecureRandom()));
        int chunks = good.chunks().size();
        var record = federation.manifestRecord(2, chunks, good.root(), model.sha256());
        sendManifest(stranger.sealBytes(federation.task().id(), Kind.MANIFEST, TranscriptPosition.START, record));
        Envelope broken = AvroCodec.decode(good.manifest(), Envelope.class);
        broken.setSignature(ByteBuffer.wrap(new byte[64]));
        sendManifest(AvroCodec.encode(broken));
        // Under its own key, so that it lies behind the good one: order holds within a partition.
        parties.coordinate(
                MANIFESTS,
                RecordKeys.manifest(round, good.site()),
                federation.manifest(good.site(), federation.manifestRecord(2, chunks, new byte[32], model.sha256())));
        sendManifest(federation.manifest(LATE, federation.manifestRecord(2, chunks, good.root(), new byte[32])));
        sendManifest(federation.manifest(LATE, federation.manifestRecord(2, 1, good.root(), model.sha256())));
        sendManifest(federation
                .signer("coordination")
                .sealBytes(
                        federation.task().id(),
                        Kind.ROUND_ABORTED,
                        TranscriptPosition.START,
                        new RoundAborted(2, "here?")));
    }

    private void sendManifest(byte[] value) throws Exception {
        parties.coordinate(MANIFESTS, null, value);
    }

    private void sendBadTranscript() throws Exception {
        long next = federation.sequence() + 1;
        RoundAborted aborted = new RoundAborted(2, "a lie");
        byte[] key = RecordKeys.transcript(federation.task().id(), next).getBytes("UTF-8");
        parties.coordinate(ROUNDS, key, GARBAGE);
        TranscriptPosition fork = new TranscriptPosition(next, new byte[32]);
        parties.coordinate(
                ROUNDS,
                key,
                federation.signer(LATE).sealBytes(federation.task().id(), Kind.ROUND_ABORTED, fork, aborted));
        parties.coordinate(
                ROUNDS,
                key,
                federation.signer("coordination").sealBytes(federation.task().id(), Kind.ROUND_ABORTED, fork, aborted));
    }

    private void requireDeadLetters() {
        for (String reason : List.of("UNKNOWN_SIGNER", "WRONG_TASK")) {
            parties.awaitRefusal(UPDATES, reason, letter -> true);
        }
        assertThat(AvroCodec.bytes(parties.awaitRefusal(UPDATES, "MALFORMED", letter -> letter.getSize() == 7)
                        .getValue()))
                .isEqualTo(GARBAGE);
        parties.awaitRefusal(UPDATES, "MALFORMED", letter -> letter.getSize() > 7);
        DeadLetter large = parties.awaitRefusal(UPDATES, "TOO_LARGE", letter -> true);
        assertThat(AvroCodec.bytes(large.getValue())).isEqualTo(oversize());
        parties.awaitRefusal(UPDATES, "BAD_CHUNK", letter -> letter.getDetail().contains("bytes, not"));
        parties.awaitRefusal(UPDATES, "BAD_CHUNK", letter -> letter.getDetail().contains("0 of " + TAMPERED));
        parties.awaitRefusal(UPDATES, "BAD_CHUNK", letter -> letter.getDetail().contains("another key or partition"));
        parties.awaitRefusal(UPDATES, "LATE", letter -> letter.getDetail().contains("of " + LATE));
        for (String reason : List.of(
                "MALFORMED",
                "UNKNOWN_SIGNER",
                "BAD_SIGNATURE",
                "CONFLICT",
                "BAD_MODEL",
                "INVALID_FIELD",
                "LATE",
                "WRONG_KIND")) {
            parties.awaitRefusal(MANIFESTS, reason, letter -> true);
        }
        for (String reason : List.of("MALFORMED", "UNKNOWN_SIGNER", "CONFLICT")) {
            parties.awaitRefusal(ROUNDS, reason, letter -> true);
        }
        for (String reason : List.of("MALFORMED", "CONFLICT")) {
            assertThat(parties.awaitRefusal(UNMASK, reason, letter -> true).getValue())
                    .as("seeds in a dead letter")
                    .isNull();
        }
    }
}
