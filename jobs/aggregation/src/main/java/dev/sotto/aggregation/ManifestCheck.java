package dev.sotto.aggregation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.NoiseLink;
import dev.sotto.federation.TaskDefinition;
import java.util.Arrays;

/** Holds a manifest against its round's terms. Immutable. */
final class ManifestCheck {
    private final ChunkLayout layout;
    private final boolean noiseComesOff;

    ManifestCheck(TaskDefinition task) {
        this.layout = task.chunks();
        this.noiseComesOff = task.privacy().removal();
    }

    /** @throws RejectedRecordException if the manifest is for other terms, from a site not announced, or late */
    void require(RoundTerms terms, SignedManifest signed) throws RejectedRecordException {
        Manifest manifest = AvroCodec.decode(signed.payload(), Manifest.class);
        check(
                terms.announced().contains(signed.site()),
                Rejection.WRONG_ROUND,
                signed.site() + " is not announced in round " + terms.id());
        check(
                manifest.getBlock() == terms.block(),
                Rejection.WRONG_ROUND,
                "block %d; round %s belongs to block %d".formatted(manifest.getBlock(), terms.id(), terms.block()));
        check(
                manifest.getEntries() == layout.entries() && manifest.getChunks() == layout.chunks(),
                Rejection.INVALID_FIELD,
                "%d entries in %d chunks; round %s has %d in %d"
                        .formatted(
                                manifest.getEntries(),
                                manifest.getChunks(),
                                terms.id(),
                                layout.entries(),
                                layout.chunks()));
        check(
                Arrays.equals(AvroCodec.bytes(manifest.getModelSha256()), terms.modelSha256()),
                Rejection.BAD_MODEL,
                "trained from another model than round " + terms.id() + " announced");
        check(
                Arrays.equals(AvroCodec.bytes(manifest.getSealHash()), terms.sealHash()),
                Rejection.INVALID_FIELD,
                "masked under another seal than that of block " + terms.block());
        check(
                !noiseComesOff || manifest.getNoiseAnchor().remaining() == NoiseLink.BYTES,
                Rejection.INVALID_FIELD,
                "the noise anchor has %d bytes, not %d"
                        .formatted(manifest.getNoiseAnchor().remaining(), NoiseLink.BYTES));
        // The other sites would refuse to unmask a sum with an answer to another opening in it.
        check(
                signed.sequence() == terms.sequence() && Arrays.equals(signed.head(), terms.head()),
                Rejection.WRONG_ROUND,
                "answers transcript record %d, not the opening of round %s, which is record %d"
                        .formatted(signed.sequence(), terms.id(), terms.sequence()));
        check(
                signed.timestamp() <= terms.deadline(),
                Rejection.LATE,
                "%d ms after the deadline of round %s".formatted(signed.timestamp() - terms.deadline(), terms.id()));
    }

    /** @throws RejectedRecordException {@link Rejection#CONFLICT} if the site's accepted manifest names another root */
    static void requireSame(RoundTerms terms, SignedManifest signed, AcceptedUpload first)
            throws RejectedRecordException {
        check(
                Arrays.equals(first.root(), signed.root()),
                Rejection.CONFLICT,
                "a second manifest of %s for round %s names another root".formatted(signed.site(), terms.id()));
    }

    private static void check(boolean holds, Rejection rejection, String detail) throws RejectedRecordException {
        if (!holds) {
            throw new RejectedRecordException(rejection, detail);
        }
    }
}
