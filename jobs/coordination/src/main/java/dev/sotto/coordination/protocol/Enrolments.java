package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.SiteId;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The rules of enrolling: the block must be the next one, and a site's first key for it counts. Stateless. */
final class Enrolments {
    private Enrolments() {}

    /** Refuses an enrolment for any block but this one. */
    static void requireBlock(SiteRecord enrolment, int block) throws RejectedRecordException {
        int asked = enrolment.payload(Enrol.class).getBlock();
        if (asked != block) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND,
                    "%s enrols for block %d but block %d is the next".formatted(enrolment.site(), asked, block));
        }
    }

    /** The public key under which neighbours encrypt for the site. */
    static AgreementPublicKey key(SiteRecord enrolment) throws RejectedRecordException {
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

    /** The enrolments with one more; the same key again changes nothing. */
    static SortedMap<SiteId, SiteRecord> with(SortedMap<SiteId, SiteRecord> enrolled, SiteRecord enrolment)
            throws RejectedRecordException {
        AgreementPublicKey key = key(enrolment);
        SiteRecord earlier = enrolled.get(enrolment.site());
        if (earlier != null) {
            if (!Arrays.equals(key(earlier).bytes(), key.bytes())) {
                throw new RejectedRecordException(
                        Rejection.CONFLICT,
                        "%s has enrolled for this block with another encryption key; the first counts"
                                .formatted(enrolment.site()));
            }
            return enrolled;
        }
        SortedMap<SiteId, SiteRecord> more = new TreeMap<>(enrolled);
        more.put(enrolment.site(), enrolment);
        return Collections.unmodifiableSortedMap(more);
    }
}
