package dev.sotto.aggregation;

import java.io.Serializable;
import java.time.Duration;

/**
 * How long windows and sources wait, in the broker's time.
 *
 * @param grace how long a closed window waits for chunks of accepted uploads; longer than a site's transaction, behind which
 *     they may lie
 * @param retention how long the end of a round is remembered, and how long records wait for a round to be opened
 * @param manifestsIdle silence after which a partition of manifests no longer holds the watermark back; longer than a
 *     site's transaction, behind which even ticks wait
 * @param updatesIdle silence after which a partition of chunks no longer holds the watermark back; sites are silent for
 *     most of a round, and a window waits for chunks by itself
 */
public record WindowTiming(Duration grace, Duration retention, Duration manifestsIdle, Duration updatesIdle)
        implements Serializable {
    /** Sites' transactions expire after a minute. */
    public static final WindowTiming DEFAULT = new WindowTiming(
            Duration.ofSeconds(75), Duration.ofHours(1), Duration.ofSeconds(90), Duration.ofSeconds(5));

    public WindowTiming {
        require(grace, "grace");
        require(retention, "retention");
        require(manifestsIdle, "manifestsIdle");
        require(updatesIdle, "updatesIdle");
    }

    private static void require(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("%s is %s but must be longer than zero".formatted(name, value));
        }
    }
}
