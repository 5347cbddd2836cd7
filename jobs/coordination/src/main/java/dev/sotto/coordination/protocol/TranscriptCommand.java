package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.Kind;
import org.apache.avro.specific.SpecificRecordBase;

/** What the writer of a transcript is asked. */
public sealed interface TranscriptCommand extends Command {
    /**
     * Number, chain, sign and publish a record, then tell the asker with {@link Written}.
     *
     * @param kind the record's kind
     * @param payload Avro binary of the kind's record
     */
    record Append(Kind kind, byte[] payload) implements TranscriptCommand {
        /** Of a record. */
        public static Append of(Kind kind, SpecificRecordBase payload) {
            return new Append(kind, AvroCodec.encode(payload));
        }
    }
}
