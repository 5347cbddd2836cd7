package dev.sotto.coordination.function;

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
import java.util.EnumMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/** The kinds of records a transcript has, with the type of each one's payload. */
final class TranscriptKinds {
    private static final Map<Kind, Class<? extends SpecificRecordBase>> PAYLOADS = new EnumMap<>(Map.ofEntries(
            Map.entry(Kind.BLOCK_OFFER, BlockOffer.class),
            Map.entry(Kind.BEACON, Beacon.class),
            Map.entry(Kind.ROSTER, Roster.class),
            Map.entry(Kind.SEAL, Seal.class),
            Map.entry(Kind.BLOCK_ABORTED, BlockAborted.class),
            Map.entry(Kind.ROUND_OPEN, RoundOpen.class),
            Map.entry(Kind.SURVIVORS, Survivors.class),
            Map.entry(Kind.ROUND_ABORTED, RoundAborted.class),
            Map.entry(Kind.ROUND_RESULT, RoundResult.class),
            Map.entry(Kind.TASK_END, TaskEnd.class)));

    private TranscriptKinds() {}

    static Class<? extends SpecificRecordBase> payloadOf(Kind kind) {
        Class<? extends SpecificRecordBase> type = PAYLOADS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException(kind + " is no transcript record; known: " + PAYLOADS.keySet());
        }
        return type;
    }
}
