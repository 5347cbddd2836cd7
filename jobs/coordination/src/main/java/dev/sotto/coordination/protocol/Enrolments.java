package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rules of enrolling: the block must be the next one, key and commitment must be some, and a site's first ones for a
 * block count. Stateless.
 */
final class Enrolments {
    private static final int COMMITMENT = 32;

    private Enrolments() {}

    /** Refuses an enrolment for any block but this one, or that this task's cohorts could not use. */
    static void require(SiteRecord enrolment, int block, CoordinatedTask task) throws RejectedRecordException {
        Enrol payload = enrolment.payload(Enrol.class);
        if (payload.getBlock() != block) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND,
                    "%s enrols for block %d but block %d is the next"
                            .formatted(enrolment.site(), payload.getBlock(), block));
        }
        int length = payload.getBeaconCommitment().remaining();
        if (length != 0 && length != COMMITMENT) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "the beacon commitment of %s has %d bytes; it must have %d or none"
                            .formatted(enrolment.site(), length, COMMITMENT));
        }
        if (length == 0 && task.mayBeSparse()) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "%s enrols without a beacon commitment; with %d sites allowed the mask graph may be sparse, and every member has a part in drawing it"
                            .formatted(enrolment.site(), task.allowed().size()));
        }
    }

    /** The public key under which neighbours encrypt for the site. */
    private static AgreementPublicKey key(SiteRecord enrolment) throws RejectedRecordException {
        byte[] raw = AvroCodec.bytes(enrolment.payload(Enrol.class).getEncryptionKey());
        try {
            return AgreementPublicKey.of(raw);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "the encryption key of %s is none: %s".formatted(enrolment.site(), e.getMessage()),
                    e);
        }
    }

    /** The enrolments with one more; the same key and commitment again change nothing. */
    static SortedMap<SiteId, SiteRecord> with(SortedMap<SiteId, SiteRecord> enrolled, SiteRecord enrolment)
            throws RejectedRecordException {
        AgreementPublicKey key = key(enrolment);
        SiteRecord earlier = enrolled.get(enrolment.site());
        if (earlier != null) {
            if (!Arrays.equals(key(earlier).bytes(), key.bytes())
                    || !commitment(earlier).equals(commitment(enrolment))) {
                throw new RejectedRecordException(
                        Rejection.CONFLICT,
                        "%s has enrolled for this block with another encryption key or commitment; the first counts"
                                .formatted(enrolment.site()));
            }
            return enrolled;
        }
        SortedMap<SiteId, SiteRecord> more = new TreeMap<>(enrolled);
        more.put(enrolment.site(), enrolment);
        return Collections.unmodifiableSortedMap(more);
    }

    private static ByteBuffer commitment(SiteRecord enrolment) throws RejectedRecordException {
        return enrolment.payload(Enrol.class).getBeaconCommitment();
    }
}
