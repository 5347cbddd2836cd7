package dev.sotto.contracts;

import dev.sotto.contracts.avro.Unmask;
import dev.sotto.contracts.avro.UnmaskShareRecord;
import dev.sotto.secagg.OpenedShare;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.ShareKind;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import dev.sotto.secagg.UnmaskShares;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Unmask shares on the wire. Stateless. */
public final class UnmaskCodec {
    private UnmaskCodec() {}

    /**
     * The record of an answer.
     *
     * @param survivorsHash the hash of the transcript's SURVIVORS record that is answered
     * @param intent whether the site takes part in the next round
     */
    public static Unmask toRecord(UnmaskShares answer, byte[] survivorsHash, boolean intent) {
        List<UnmaskShareRecord> shares = new ArrayList<>();
        for (OpenedShare share : answer.shares()) {
            shares.add(new UnmaskShareRecord(
                    share.of().value(),
                    share.kind() == ShareKind.SELF_MASK,
                    ByteBuffer.wrap(share.share()),
                    ByteBuffer.wrap(share.salt())));
        }
        return new Unmask(answer.round().number(), ByteBuffer.wrap(survivorsHash.clone()), shares, intent);
    }

    /**
     * The answer that a site signed.
     *
     * @throws RejectedRecordException {@link Rejection#INVALID_FIELD} if a share or id is none
     */
    public static UnmaskShares fromRecord(TaskId task, SiteId from, Unmask record) throws RejectedRecordException {
        try {
            List<OpenedShare> shares = new ArrayList<>();
            for (UnmaskShareRecord share : record.getShares()) {
                shares.add(new OpenedShare(
                        new SiteId(share.getOf()),
                        share.getSelfMask() ? ShareKind.SELF_MASK : ShareKind.MASK_KEY,
                        AvroCodec.bytes(share.getShare()),
                        AvroCodec.bytes(share.getSalt())));
            }
            return new UnmaskShares(new RoundId(task, record.getRound()), from, shares);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD, "the unmask answer of %s is none: %s".formatted(from, e.getMessage()), e);
        }
    }
}
