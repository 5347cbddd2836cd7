package dev.sotto.aggregation;

import dev.sotto.privacy.ReleaseNoise;

/** The noise of this job where sites have added theirs: none, and no secret to draw it with. */
record SitesNoise() implements Opener<ReleaseNoise> {
    @Override
    public ReleaseNoise open() {
        return (sum, context) -> {
            throw new IllegalStateException(
                    "the sites of task %s add its noise; this job has none to add".formatted(context.task()));
        };
    }
}
