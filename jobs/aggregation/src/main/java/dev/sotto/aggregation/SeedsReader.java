package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.NoiseCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SeedCodec;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.NoiseLink;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.TaskId;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Believes seeds under coordination's signature alone. A refused record leaves no seed behind in a dead letter. */
final class SeedsReader extends ProcessFunction<RawRecord, RoundNews> {
    private static final long serialVersionUID = 1L;
    private static final byte[] NOWHERE = {};

    private final Carried<TaskDefinition> task;
    private final Carried<Trust> trust;

    private transient @Nullable TaskId id;
    private transient @Nullable EnvelopeVerifier verifier;

    SeedsReader(Carried<TaskDefinition> task, Carried<Trust> trust) {
        this.task = task;
        this.trust = trust;
    }

    @Override
    public void open(OpenContext context) {
        id = task.value().id();
        verifier = new EnvelopeVerifier(trust.value());
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<RoundNews> out) {
        try {
            out.collect(read(record));
        } catch (RejectedRecordException e) {
            context.output(Refused.TAG, Refused.withoutValue(record, e.rejection(), String.valueOf(e.getMessage())));
        }
    }

    private RoundNews read(RawRecord record) throws RejectedRecordException {
        SignedRecord signed = Opened.of(verifier).open(record.value());
        if (signed.kind() != Kind.UNMASK_SEEDS) {
            throw new RejectedRecordException(Rejection.WRONG_KIND, signed.kind() + " does not belong here");
        }
        if (!signed.task().equals(id)) {
            throw new RejectedRecordException(Rejection.WRONG_TASK, "this job serves " + id);
        }
        UnmaskSeeds seeds = signed.payload(UnmaskSeeds.class);
        SeedCodec.fromRecord(seeds)
                .values()
                .forEach(group -> group.forEach(seed -> seed.seed().destroy()));
        NoiseCodec.fromRecord(signed.task(), seeds).values().forEach(NoiseLink::close);
        return new RoundNews(
                signed.task() + "/" + seeds.getRound(), Kind.UNMASK_SEEDS, 0, NOWHERE, AvroCodec.encode(seeds), record);
    }
}
