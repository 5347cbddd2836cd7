package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.Trust;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowCloserTest {
    private static final int SLICES = 3;
    private static final long FORGET = 1000;

    private TestFederation federation;
    private RoundTerms terms;
    private List<AcceptedUpload> accepted;
    private KeyedTwoInputStreamOperatorTestHarness<String, Closing, SliceReport, OutgoingRecord> closer;

    @BeforeEach
    void openCloser() throws Exception {
        federation = new TestFederation(3);
        Checkpoint model = Checkpoint.initial(federation.task(), 7);
        terms = new RoundTermsReader(federation.task(), federation.trust())
                .read(federation.openRecord(1, model, URI.create("file:///nowhere/"), 100), 1, new byte[32]);
        accepted = List.of(
                new AcceptedUpload("site-0", new byte[32], 1, new byte[] {7, 0}),
                new AcceptedUpload("site-2", new byte[32], 1, new byte[] {7, 2}));
        closer = new KeyedTwoInputStreamOperatorTestHarness<>(
                new KeyedCoProcessOperator<>(new WindowCloser(() -> federation.signer(Trust.AGGREGATION))),
                Closing::round,
                SliceReport::round,
                Types.STRING);
        closer.open();
    }

    @AfterEach
    void closeCloser() throws Exception {
        closer.close();
    }

    private void closing(int slices) throws Exception {
        closer.processElement1(new StreamRecord<>(new Closing(terms, accepted, slices, FORGET)));
    }

    private void report(int chunk, String... missing) throws Exception {
        closer.processElement2(
                new StreamRecord<>(new SliceReport(terms.id().toString(), chunk, List.of(missing), FORGET)));
    }

    private List<WindowClosed> announced() throws Exception {
        List<WindowClosed> announced = new ArrayList<>();
        for (OutgoingRecord record : closer.extractOutputValues()) {
            announced.add(federation.open(record.value()).payload(WindowClosed.class));
        }
        return announced;
    }

    @Test
    void window_everySliceWhole_isAnnouncedOnceWithManifests() throws Exception {
        report(1);
        closing(SLICES);
        report(0);
        assertThat(announced()).isEmpty();
        report(2);
        assertThat(announced()).hasSize(1);
        WindowClosed closed = announced().get(0);
        assertThat(closed.getIncomplete()).isEmpty();
        assertThat(closed.getSurvivors()).extracting(Survivor::getSite).containsExactly("site-0", "site-2");
        assertThat(AvroCodec.bytes(closed.getSurvivors().get(1).getManifest())).containsExactly(7, 2);
        assertThat(closer.numKeyedStateEntries()).isZero();
        assertThat(closer.numEventTimeTimers()).isZero();
    }

    @Test
    void window_slicesLackChunks_namesTheirSites() throws Exception {
        closing(SLICES);
        report(0, "site-2");
        report(1, "site-0", "site-2");
        report(2);
        assertThat(announced().get(0).getIncomplete()).containsExactly("site-0", "site-2");
    }

    @Test
    void window_withTooFewSurvivors_isAnnouncedAtOnce() throws Exception {
        closing(0);
        assertThat(announced()).hasSize(1);
        assertThat(closer.numKeyedStateEntries()).isZero();
    }

    @Test
    void window_abortedMeanwhile_isForgotten() throws Exception {
        closing(SLICES);
        report(0);
        closer.processBothWatermarks(new Watermark(FORGET));
        assertThat(closer.numKeyedStateEntries()).isZero();
        assertThat(closer.numEventTimeTimers()).isZero();
        assertThat(announced()).isEmpty();
    }
}
