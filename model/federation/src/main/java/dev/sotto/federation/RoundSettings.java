package dev.sotto.federation;

/**
 * How many rounds a task has and how long each step may take.
 *
 * @param count rounds that must end with a model
 * @param perBlock rounds for which a site provisions keys at a time, 1 to 64
 * @param minCohort the least number of sites in a block
 * @param minSurvivors the least number of sites in a sum; below it the round is aborted
 * @param enrolSeconds how long coordination waits for all allowed sites to enrol
 * @param bundleSeconds how long a site may take for its bundle
 * @param uploadSeconds how long a round's window stays open
 * @param unmaskSeconds how long a survivor may take for its shares
 * @param closeAfter uploads after which a window closes without waiting for the others (a buffer as in FedBuff, Nguyen et
 *     al. 2022); 0: it waits for all
 * @param maxStaleness rounds by which an update that missed its window may be late and still be sent, discounted by
 *     1/sqrt(1 + rounds late); 0: it is thrown away
 */
public record RoundSettings(
        int count,
        int perBlock,
        int minCohort,
        int minSurvivors,
        int enrolSeconds,
        int bundleSeconds,
        int uploadSeconds,
        int unmaskSeconds,
        int closeAfter,
        int maxStaleness) {
    public RoundSettings {
        Check.require(count >= 1, "rounds.count", count, "at least 1");
        Check.require(perBlock >= 1 && perBlock <= 64, "rounds.perBlock", perBlock, "between 1 and 64");
        Check.require(minCohort >= 3, "rounds.minCohort", minCohort, "at least 3: a sum of two tells each the other");
        Check.require(
                minSurvivors >= 3 && minSurvivors <= minCohort,
                "rounds.minSurvivors",
                minSurvivors,
                "at least 3 and at most minCohort " + minCohort);
        Check.require(enrolSeconds >= 1, "rounds.enrolSeconds", enrolSeconds, "at least 1");
        Check.require(bundleSeconds >= 1, "rounds.bundleSeconds", bundleSeconds, "at least 1");
        Check.require(uploadSeconds >= 1, "rounds.uploadSeconds", uploadSeconds, "at least 1");
        Check.require(unmaskSeconds >= 1, "rounds.unmaskSeconds", unmaskSeconds, "at least 1");
        Check.require(
                closeAfter == 0 || closeAfter >= minSurvivors,
                "rounds.closeAfter",
                closeAfter,
                "0 or at least minSurvivors " + minSurvivors);
        Check.require(maxStaleness >= 0 && maxStaleness <= 16, "rounds.maxStaleness", maxStaleness, "between 0 and 16");
    }
}
