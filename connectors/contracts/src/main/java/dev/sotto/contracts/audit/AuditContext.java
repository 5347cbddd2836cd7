package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What every part of an audit works with.
 *
 * @param task the auditor's own task file
 * @param verifier opens records under the auditor's own trust file
 * @param chain the records read so far
 * @param findings where findings go
 */
record AuditContext(AuditedTask task, EnvelopeVerifier verifier, ChainAudit chain, Findings findings) {
    /**
     * A record that a site signed and coordination copied into the transcript; empty, with a finding, if it is not what it
     * is said to be.
     *
     * @param site who must have signed it
     */
    Optional<SignedRecord> ofSite(ByteBuffer value, Kind kind, String site, Rule rule) {
        try {
            SignedRecord record = verifier.open(AvroCodec.bytes(value));
            boolean holds = findings.unless(
                    record.kind() == kind
                            && record.signer().equals(site)
                            && record.task().equals(task.id()),
                    rule,
                    "a %s that %s signed for task %s".formatted(kind, site, task.id()),
                    "a %s that %s signed for task %s".formatted(record.kind(), record.signer(), record.task()));
            return holds ? Optional.of(record) : Optional.empty();
        } catch (RejectedRecordException e) {
            findings.add(
                    rule,
                    "a %s that %s signed for task %s".formatted(kind, site, task.id()),
                    String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
