package dev.sotto.contracts;

import dev.sotto.contracts.avro.RoundKeysRecord;
import dev.sotto.contracts.avro.SealedSharesRecord;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.EncryptedShares;
import dev.sotto.secagg.RoundKeys;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Bundles on the wire. Stateless. */
public final class BundleCodec {
    private BundleCodec() {}

    /** The record of a bundle. */
    public static SiteBundle toRecord(Bundle bundle) {
        List<RoundKeysRecord> rounds = new ArrayList<>();
        for (RoundKeys keys : bundle.rounds()) {
            List<SealedSharesRecord> shares = new ArrayList<>();
            for (EncryptedShares share : keys.shares()) {
                shares.add(new SealedSharesRecord(
                        share.destination().value(),
                        ByteBuffer.wrap(share.box()),
                        ByteBuffer.wrap(share.selfMaskCommitment()),
                        ByteBuffer.wrap(share.maskKeyCommitment())));
            }
            rounds.add(new RoundKeysRecord(
                    keys.round(),
                    ByteBuffer.wrap(keys.maskKey().bytes()),
                    ByteBuffer.wrap(keys.selfMaskCommitment()),
                    shares));
        }
        return new SiteBundle(bundle.block().number(), rounds);
    }

    /**
     * The bundle that a site signed.
     *
     * @throws RejectedRecordException {@link Rejection#INVALID_FIELD} if a key, hash or id is none
     */
    public static Bundle fromRecord(TaskId task, SiteId site, SiteBundle record) throws RejectedRecordException {
        try {
            List<RoundKeys> rounds = new ArrayList<>();
            for (RoundKeysRecord keys : record.getRounds()) {
                List<EncryptedShares> shares = new ArrayList<>();
                for (SealedSharesRecord share : keys.getShares()) {
                    shares.add(new EncryptedShares(
                            new SiteId(share.getTo()),
                            AvroCodec.bytes(share.getBox()),
                            AvroCodec.bytes(share.getSelfMaskCommitment()),
                            AvroCodec.bytes(share.getMaskKeyCommitment())));
                }
                rounds.add(new RoundKeys(
                        keys.getRound(),
                        AgreementPublicKey.of(AvroCodec.bytes(keys.getMaskKey())),
                        AvroCodec.bytes(keys.getSelfMaskCommitment()),
                        shares));
            }
            return new Bundle(new BlockId(task, record.getBlock()), site, rounds);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD, "the bundle of %s is none: %s".formatted(site, e.getMessage()), e);
        }
    }
}
