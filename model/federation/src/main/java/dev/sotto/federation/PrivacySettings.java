package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a task promises, about whom and how.
 *
 * @param mode who adds the noise; {@code central}: the aggregation job, to the exact integer sum; {@code distributed}: every
 *     site, a share of it ({@link NoiseShare}), before masking; both promise it about sites. {@code record}: every
 *     site, to every step of its training ({@link RecordNoise}), which promises it about the records of a site
 * @param noiseMultiplier the noise's standard deviation over the sensitivity
 * @param delta the delta of the (epsilon, delta) statement
 * @param budgetEpsilon the epsilon at which the task stops
 * @param record how sites train in mode {@code record}, null in the others
 * @param removal whether sites add the noise in parts and the survivors have those taken off that the dropouts did not use up
 *     ({@link NoiseComponents}); in mode {@code distributed} alone. Not in a task's canonical form unless it is set.
 */
public record PrivacySettings(
        String mode,
        double noiseMultiplier,
        double delta,
        double budgetEpsilon,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RecordSettings record,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean removal) {
    private static final String CENTRAL = "central";
    private static final String DISTRIBUTED = "distributed";
    private static final String RECORD = "record";

    public PrivacySettings {
        Check.require(
                CENTRAL.equals(mode) || DISTRIBUTED.equals(mode) || RECORD.equals(mode),
                "privacy.mode",
                mode,
                "'central', 'distributed' or 'record'");
        Check.require(
                RECORD.equals(mode) == (record != null),
                "privacy.record",
                record == null ? "left out" : "given",
                "given in mode 'record' and left out in the others");
        Check.require(
                noiseMultiplier > 0 && noiseMultiplier <= 1000,
                "privacy.noiseMultiplier",
                noiseMultiplier,
                "above 0 and at most 1000");
        Check.require(delta > 0 && delta < 1, "privacy.delta", delta, "between 0 and 1");
        Check.require(budgetEpsilon > 0, "privacy.budgetEpsilon", budgetEpsilon, "above 0");
        Check.require(
                !removal || DISTRIBUTED.equals(mode),
                "privacy.removal",
                removal,
                "false in mode '" + mode + "': only noise of the sites can be taken off");
    }

    /** Whether sites add the noise; the aggregation job then adds none. */
    public boolean distributed() {
        return DISTRIBUTED.equals(mode);
    }

    /** Whether the aggregation job adds the noise. */
    public boolean central() {
        return CENTRAL.equals(mode);
    }

    /** The noise's standard deviation in lattice units: a whole number, rounded up. */
    public long sigma(double delta2) {
        return (long) Math.max(1, Math.ceil(noiseMultiplier * delta2));
    }

    /**
     * The zCDP cost of one release at this sensitivity under central noise (Bun and Steinke 2016; exact for the discrete Gaussian). What a
     * release of a task costs, whichever its mode, says {@link TaskDefinition#rho()}.
     */
    public double rho(double delta2) {
        double sigma = sigma(delta2);
        return delta2 * delta2 / (2 * sigma * sigma);
    }
}
