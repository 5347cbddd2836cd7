package dev.sotto.coordination.privacy;

import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TaskDefinition;

/**
 * The words of a task's promise: about whom it is, and by what mechanism and accountant. Immutable.
 *
 * @param task the task
 */
record TaskPromise(TaskDefinition task) {
    /** Whose participation is hidden. */
    PrivacyUnit unit() {
        return task.privacy().record() == null ? PrivacyUnit.SITE : PrivacyUnit.RECORD;
    }

    /** The mechanism of one release. */
    String mechanism() {
        if (task.privacy().removal()) {
            return "Skellam noise in parts (what is left of it has at least sigma %d)".formatted(task.sigma());
        }
        if (task.privacy().distributed()) {
            return "distributed discrete Gaussian (the sites together add at least sigma %d)".formatted(task.sigma());
        }
        return task.recordNoise()
                .map(this::training)
                .orElseGet(() -> "discrete Gaussian on the exact integer sum (sigma %d)".formatted(task.sigma()));
    }

    private String training(RecordNoise noise) {
        return "DP-SGD at the sites (%d steps of the discrete Gaussian, sigma %d, on sampled records, q %s)"
                .formatted(task.training().stepsPerRound(), noise.sigma(), Figures.near(noise.samplingRate()));
    }

    /** What turns rho into epsilon. */
    String accountant() {
        return task.privacy().record() == null
                ? "zcdp"
                : "tcdp of orders 2 to %d".formatted(task.budget().largestOrder());
    }

    /** The statement of so many releases. */
    PrivacyStatement statement(double epsilon, long releases) {
        return statement(epsilon, releases, mechanism());
    }

    /** The same with more words about the mechanism. */
    PrivacyStatement statement(double epsilon, long releases, String mechanism) {
        String times = releases == 1 ? "1 release" : releases + " releases";
        return new PrivacyStatement(
                unit(),
                epsilon,
                task.privacy().delta(),
                "%s of the %s, accountant %s".formatted(times, mechanism, accountant()));
    }
}
