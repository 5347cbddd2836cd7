package dev.sotto.simulation;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.contracts.avro.BlockAborted;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/** The transcript as somebody is shown it: the true one, or one that whoever holds coordination's key has signed. Not thread-safe. */
final class Story {
    private static final Map<Kind, Class<? extends SpecificRecordBase>> PAYLOADS = Map.ofEntries(
            Map.entry(Kind.BLOCK_OFFER, BlockOffer.class),
            Map.entry(Kind.BEACON, Beacon.class),
            Map.entry(Kind.ROSTER, Roster.class),
            Map.entry(Kind.SEAL, Seal.class),
            Map.entry(Kind.BLOCK_ABORTED, BlockAborted.class),
            Map.entry(Kind.ROUND_OPEN, RoundOpen.class),
            Map.entry(Kind.SURVIVORS, Survivors.class),
            Map.entry(Kind.ROUND_ABORTED, RoundAborted.class),
            Map.entry(Kind.ROUND_RESULT, RoundResult.class),
            Map.entry(Kind.TASK_END, TaskEnd.class));

    private final TaskId task;
    private final EnvelopeSigner signer;
    private final EnvelopeVerifier verifier;
    private final List<byte[]> records = new ArrayList<>();
    private TranscriptPosition at = TranscriptPosition.START;

    Story(TaskId task, Cast cast) {
        this.task = task;
        this.signer = cast.signer(Trust.COORDINATION);
        this.verifier = new EnvelopeVerifier(cast.trust());
    }

    List<byte[]> from(long offset, int most) {
        int end = (int) Math.min(records.size(), offset + most);
        return offset >= end ? List.of() : List.copyOf(records.subList((int) offset, end));
    }

    int size() {
        return records.size();
    }

    /** The payload of a transcript record. */
    static SpecificRecordBase payload(SignedRecord record) throws RejectedRecordException {
        return record.payload(PAYLOADS.get(record.kind()));
    }

    /** Tells a true record: as it is while the story is the true one, under its own chain once it is not. */
    void follow(SignedRecord record) throws RejectedRecordException {
        if (record.position().equals(at.next())) {
            tell(record.value());
        } else {
            say(record.kind(), payload(record));
        }
    }

    /** Tells something of its own. */
    void say(Kind kind, SpecificRecordBase payload) throws RejectedRecordException {
        tell(signer.sealBytes(task, kind, at.next(), payload));
    }

    private void tell(byte[] value) throws RejectedRecordException {
        records.add(value);
        at = verifier.open(value).reached();
    }

    /** Shows a record again, or a second one in the place of the last. */
    void slip(byte[] value) {
        records.add(value);
    }

    /** A second record in the place of one that was told. */
    byte[] rival(byte[] told) throws RejectedRecordException {
        SignedRecord record = verifier.open(told);
        // Any other record will do, since nobody may get as far as its content.
        return signer.sealBytes(
                task, Kind.BLOCK_ABORTED, record.position(), new BlockAborted(1_000_000, "another story"));
    }

    /** Tells everything from an offset on anew, after a record of another history. */
    void rewrite(int from) throws RejectedRecordException {
        List<SignedRecord> tail = new ArrayList<>();
        for (byte[] value : records.subList(from, records.size())) {
            tail.add(verifier.open(value));
        }
        while (records.size() > from) {
            records.remove(records.size() - 1);
        }
        at = TranscriptPosition.START;
        for (byte[] value : records) {
            SignedRecord record = verifier.open(value);
            if (record.position().equals(at.next())) {
                at = record.reached();
            }
        }
        say(Kind.BLOCK_ABORTED, new BlockAborted(1_000_000, "another history"));
        for (SignedRecord record : tail) {
            say(record.kind(), payload(record));
        }
    }
}
