package dev.sotto.aggregation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Manifest;
import java.util.Arrays;

/** Holds a manifest against its round's terms. Stateless. */
final class ManifestCheck {
    private ManifestCheck() {}

    /** @throws RejectedRecordException if the manifest is for other terms, from a site not announced, or late */
    static void require(RoundTerms terms, UploadNews news) throws RejectedRecordException {
        byte[] payload = news.payload();
        if (payload == null) {
            throw new IllegalArgumentException(news + " is not a manifest");
        }
        Manifest manifest = AvroCodec.decode(payload, Manifest.class);
        check(
                terms.announced().contains(news.site()),
                Rejection.WRONG_ROUND,
                news.site() + " is not announced in round " + terms.id());
        check(
                manifest.getBlock() == terms.block(),
                Rejection.WRONG_ROUND,
                "block %d; round %s belongs to block %d".formatted(manifest.getBlock(), terms.id(), terms.block()));
        check(
                manifest.getEntries() == terms.entries() && manifest.getChunks() == terms.chunks(),
                Rejection.INVALID_FIELD,
                "%d entries in %d chunks; round %s has %d in %d"
                        .formatted(
                                manifest.getEntries(),
                                manifest.getChunks(),
                                terms.id(),
                                terms.entries(),
                                terms.chunks()));
        check(
                Arrays.equals(AvroCodec.bytes(manifest.getModelSha256()), terms.modelSha256()),
                Rejection.BAD_MODEL,
                "trained from another model than round " + terms.id() + " announced");
        check(
                Arrays.equals(AvroCodec.bytes(manifest.getSealHash()), terms.sealHash()),
                Rejection.INVALID_FIELD,
                "masked under another seal than that of block " + terms.block());
        check(
                news.timestamp() <= terms.deadline(),
                Rejection.LATE,
                "%d ms after the deadline of round %s".formatted(news.timestamp() - terms.deadline(), terms.id()));
    }

    private static void check(boolean holds, Rejection rejection, String detail) throws RejectedRecordException {
        if (!holds) {
            throw new RejectedRecordException(rejection, detail);
        }
    }
}
