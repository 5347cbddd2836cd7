package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.TaskId;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Believes manifests under their site's signature alone; ticks move the watermark and end here. */
final class ManifestReader extends ProcessFunction<RawRecord, SignedManifest> {
    private static final long serialVersionUID = 1L;
    private static final int LARGEST = 64 * 1024;
    private static final int HASH = 32;

    private final Carried<TaskDefinition> task;
    private final Carried<Trust> trust;

    private transient @Nullable TaskId id;
    private transient @Nullable EnvelopeVerifier verifier;

    ManifestReader(Carried<TaskDefinition> task, Carried<Trust> trust) {
        this.task = task;
        this.trust = trust;
    }

    @Override
    public void open(OpenContext context) {
        id = task.value().id();
        verifier = new EnvelopeVerifier(trust.value());
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<SignedManifest> out) {
        try {
            if (record.value().length > LARGEST) {
                throw new RejectedRecordException(
                        Rejection.TOO_LARGE,
                        "%d bytes; a manifest has at most %d".formatted(record.value().length, LARGEST));
            }
            SignedRecord signed = Opened.of(verifier).open(record.value());
            if (signed.kind() != Kind.TICK) {
                out.collect(manifest(signed, record));
            }
        } catch (RejectedRecordException e) {
            context.output(Refused.TAG, Refused.of(record, e));
        }
    }

    private SignedManifest manifest(SignedRecord signed, RawRecord record) throws RejectedRecordException {
        if (signed.kind() != Kind.MANIFEST) {
            throw new RejectedRecordException(Rejection.WRONG_KIND, signed.kind() + " does not belong here");
        }
        if (!signed.task().equals(id)) {
            throw new RejectedRecordException(Rejection.WRONG_TASK, "this job serves " + id);
        }
        Manifest manifest = signed.payload(Manifest.class);
        if (manifest.getRoot().remaining() != HASH) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "the root has %d bytes, not %d".formatted(manifest.getRoot().remaining(), HASH));
        }
        try {
            RoundId round = new RoundId(signed.task(), manifest.getRound());
            return new SignedManifest(
                    round.toString(),
                    signed.signer(),
                    AvroCodec.bytes(manifest.getRoot()),
                    AvroCodec.encode(manifest),
                    signed.position().sequence(),
                    signed.position().head(),
                    record);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, String.valueOf(e.getMessage()), e);
        }
    }
}
