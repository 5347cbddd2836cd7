package dev.sotto.aggregation;

import dev.sotto.privacy.Digest;
import dev.sotto.privacy.NoiseContext;
import dev.sotto.privacy.ReleaseNoise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The job's noise; what it gives is written down, over all processes, and the process may end before or after it. */
final class JournaledNoise implements ReleaseNoise {
    /** What stands between a sum and what became of it. */
    static final String GIVES = " gives ";

    private final ReleaseNoise noise;
    private final Path journal;

    JournaledNoise(ReleaseNoise noise, Path journal) {
        this.noise = noise;
        this.journal = journal;
    }

    @Override
    public void addTo(int[] exactSum, NoiseContext context) {
        SuddenEnd.at(ReleaseStep.BEFORE_NOISE, context.round());
        Digest before = Digest.sha256(exactSum);
        noise.addTo(exactSum, context);
        String line = "%s chunk %d of %s: %s gives %s"
                .formatted(context.release(), context.chunk(), context.survivors(), before, Digest.sha256(exactSum));
        try {
            Files.write(journal, List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (context.chunk() != NoiseContext.METRICS) {
            SuddenEnd.at(ReleaseStep.BETWEEN_SLICES, context.round());
        }
    }
}
