package dev.sotto.aggregation;

import dev.sotto.contracts.NoiseCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.NoiseLink;
import dev.sotto.federation.RemovableNoise;
import dev.sotto.federation.TaskDefinition;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Takes off a slice's sum the noise that dropouts did not use up. The tables of the last number of announced sites are kept, as
 * they take time to make. Not thread-safe.
 */
final class NoiseTakenOff {
    private final TaskDefinition task;
    private @Nullable RemovableNoise last;

    NoiseTakenOff(TaskDefinition task) {
        this.task = task;
    }

    /**
     * Takes it off, exactly and mod 2^32; nothing where the task's noise is in one piece.
     *
     * @param sum a chunk's sum of the one group there is, metrics first
     * @param unmasking checked where it was read and against the window
     */
    void from(int[] sum, int chunk, RoundTerms terms, UnmaskSeeds unmasking) {
        if (!task.privacy().removal()) {
            return;
        }
        Collection<NoiseLink> links = links(unmasking);
        if (links.isEmpty()) {
            return;
        }
        RemovableNoise noise = among(terms.announced().size());
        for (NoiseLink link : links) {
            noise.remove(link, chunk, sum);
            link.close();
        }
    }

    private RemovableNoise among(int announced) {
        RemovableNoise made = last;
        if (made == null || made.components().sampled() != announced) {
            made = new RemovableNoise(task.noiseComponents(announced));
            last = made;
        }
        return made;
    }

    private Collection<NoiseLink> links(UnmaskSeeds unmasking) {
        try {
            return NoiseCodec.fromRecord(task.id(), unmasking).values();
        } catch (RejectedRecordException e) {
            throw new IllegalStateException("links of noise are checked where they are read", e);
        }
    }
}
