package dev.sotto.contracts;

import dev.sotto.contracts.avro.Unmask;
import dev.sotto.contracts.avro.UnmaskShareRecord;
import dev.sotto.secagg.Disclosure;
import dev.sotto.secagg.OpenedShare;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.ShareKind;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import dev.sotto.secagg.UnmaskShares;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        return toRecord(answer, survivorsHash, intent, null);
    }

    /**
     * The record of an answer with which noise is taken off.
     *
     * @param survivorsHash the hash of the transcript's SURVIVORS record that is answered
     * @param intent whether the site takes part in the next round
     * @param noise what this site gives away of its noise; null if nothing is taken off
     */
    public static Unmask toRecord(
            UnmaskShares answer, byte[] survivorsHash, boolean intent, @Nullable Disclosure noise) {
        List<UnmaskShareRecord> shares = new ArrayList<>();
        for (OpenedShare share : answer.shares()) {
            shares.add(new UnmaskShareRecord(
                    share.of().value(),
                    share.kind() == ShareKind.SELF_MASK,
                    ByteBuffer.wrap(share.share()),
                    ByteBuffer.wrap(share.salt())));
        }
        return new Unmask(
                answer.round().number(),
                ByteBuffer.wrap(survivorsHash.clone()),
                shares,
                intent,
                noise == null ? List.of() : buffers(noise.keys()),
                noise == null ? List.of() : buffers(noise.boxes()));
    }

    private static List<ByteBuffer> buffers(List<byte[]> parts) {
        return parts.stream().map(ByteBuffer::wrap).toList();
    }

    /**
     * What an answer gives away of noise; empty if nothing.
     *
     * @throws RejectedRecordException {@link Rejection#INVALID_FIELD} if a part has the wrong length or there are more or fewer of one
     *     kind than of the other
     */
    public static Optional<Disclosure> noise(Unmask record) throws RejectedRecordException {
        if (record.getNoiseKeys().isEmpty() && record.getNoiseBoxes().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Disclosure(bytes(record.getNoiseKeys()), bytes(record.getNoiseBoxes())));
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, String.valueOf(e.getMessage()), e);
        }
    }

    private static List<byte[]> bytes(List<ByteBuffer> parts) {
        return parts.stream().map(AvroCodec::bytes).toList();
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
