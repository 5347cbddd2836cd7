package dev.sotto.aggregation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.NoiseRecord;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.privacy.Digest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds what coordination says after the close against the window's own outcome. Stateless. */
final class SurvivorCheck {
    private SurvivorCheck() {}

    /** @throws RejectedRecordException {@link Rejection#CONFLICT} if the window has other survivors */
    static void requireSame(@Nullable Outcome outcome, RoundNews survivors) throws RejectedRecordException {
        List<String> named = AvroCodec.decode(survivors.payload(), Survivors.class).getSurvivors().stream()
                .map(Survivor::getSite)
                .toList();
        if (outcome != null) {
            require(outcome, survivors.round(), named);
        }
    }

    /**
     * Whether the masks come off now: the seeds are the first for these survivors.
     *
     * @throws RejectedRecordException if the round was aborted, or the seeds are for other survivors or other seeds, or would take off noise that
     *     is not in the sum or has to stay in it
     */
    static boolean isNew(RoundTerms terms, Outcome outcome, RoundNews seeds) throws RejectedRecordException {
        if (outcome.aborted()) {
            throw new RejectedRecordException(Rejection.WRONG_ROUND, seeds.round() + " was aborted");
        }
        UnmaskSeeds record = AvroCodec.decode(seeds.payload(), UnmaskSeeds.class);
        require(outcome, seeds.round(), record.getSurvivors().stream().sorted().toList());
        int least = terms.announced().size() - outcome.survivors().size() + 1;
        for (NoiseRecord noise : record.getNoise()) {
            if (!outcome.survivors().contains(noise.getSite()) || noise.getComponent() < least) {
                throw new RejectedRecordException(
                        Rejection.INVALID_FIELD,
                        "noise of %s from component %d on would be taken off %s, where that of survivors from %d on may be"
                                .formatted(noise.getSite(), noise.getComponent(), seeds.round(), least));
            }
        }
        if (outcome.isUnmasked() && !Arrays.equals(hash(seeds), outcome.seedsHash())) {
            throw new RejectedRecordException(Rejection.CONFLICT, seeds.round() + " was unmasked with other seeds");
        }
        return !outcome.isUnmasked();
    }

    /** The hash by which seeds that are repeated are known. */
    static byte[] hash(RoundNews seeds) {
        return Digest.sha256(seeds.payload()).bytes();
    }

    private static void require(Outcome outcome, String round, List<String> named) throws RejectedRecordException {
        if (!outcome.survivors().equals(named)) {
            throw new RejectedRecordException(
                    Rejection.CONFLICT, "the survivors of %s are %s".formatted(round, outcome.survivors()));
        }
    }
}
