package dev.sotto.aggregation;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.avro.Arrival;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.Checkpoint;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;

/** What this job signs: records and models. A replay makes the same bytes: they carry no clock, and Ed25519 draws nothing. */
final class RoundRecords {
    private final EnvelopeSigner signer;

    RoundRecords(EnvelopeSigner signer) {
        this.signer = signer;
    }

    OutgoingRecord arrival(RoundTerms terms, UploadRoot upload) {
        return ofRound(terms, Kind.ARRIVAL, new Arrival(terms.round(), upload.site(), ByteBuffer.wrap(upload.root())));
    }

    /**
     * A closed window.
     *
     * @param incomplete accepted sites whose chunks did not all come, sorted
     */
    OutgoingRecord windowClosed(RoundTerms terms, List<AcceptedUpload> accepted, List<String> incomplete) {
        List<Survivor> survivors = accepted.stream()
                .map(upload ->
                        new Survivor(upload.site(), ByteBuffer.wrap(upload.root()), ByteBuffer.wrap(upload.manifest())))
                .toList();
        return ofRound(terms, Kind.WINDOW_CLOSED, new WindowClosed(terms.round(), survivors, incomplete));
    }

    Checkpoint sign(Checkpoint model) {
        return signer.sign(model);
    }

    OutgoingRecord model(RoundTerms terms, ModelAnnounced model) {
        return new OutgoingRecord(RecordKeys.task(terms.id().task()), seal(terms, Kind.MODEL, model));
    }

    private OutgoingRecord ofRound(RoundTerms terms, Kind kind, SpecificRecordBase payload) {
        return new OutgoingRecord(RecordKeys.round(terms.id()), seal(terms, kind, payload));
    }

    private byte[] seal(RoundTerms terms, Kind kind, SpecificRecordBase payload) {
        return signer.sealBytes(terms.id().task(), kind, terms.position(), payload);
    }
}
