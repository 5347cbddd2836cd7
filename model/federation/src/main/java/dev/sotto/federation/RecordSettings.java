package dev.sotto.federation;

/**
 * How sites train where a task protects records: DP-SGD (Abadi et al. 2016).
 *
 * @param samplingRate the chance of each record of a site to be in a step's batch
 * @param clipNorm the largest L2 norm of a record's gradient
 */
public record RecordSettings(double samplingRate, double clipNorm) {
    public RecordSettings {
        Check.require(
                samplingRate > 0 && samplingRate <= 1,
                "privacy.record.samplingRate",
                samplingRate,
                "above 0 and at most 1: training.batch over the records of a usual site");
        Check.require(clipNorm > 0 && clipNorm < 1e6, "privacy.record.clipNorm", clipNorm, "above 0 and below 1e6");
    }
}
