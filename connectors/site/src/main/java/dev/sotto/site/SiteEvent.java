package dev.sotto.site;

import java.util.Locale;

/** Something a site did or saw. {@link #line()} is its stable one-line form for machines; none holds a text or a secret. */
public sealed interface SiteEvent {
    /** The event as one line of ASCII words, starting with its subject. */
    String line();

    /** The enrolment for a block has been sent. */
    record Enrolled(int block) implements SiteEvent {
        @Override
        public String line() {
            return "block " + block + " enrolled";
        }
    }

    /** The site is paused and does not enrol for a block. */
    record Paused(int block) implements SiteEvent {
        @Override
        public String line() {
            return "block %d waits: the site is paused".formatted(block);
        }
    }

    /** The nonce for a block's beacon has been sent. */
    record Revealed(int block) implements SiteEvent {
        @Override
        public String line() {
            return "block %d revealed".formatted(block);
        }
    }

    /** The bundle for a block has been sent, with shares for so many sites. */
    record Dealt(int block, int sites, int threshold) implements SiteEvent {
        @Override
        public String line() {
            return "block %d dealt to %d sites threshold %d".formatted(block, sites, threshold);
        }
    }

    /** A block has been sealed with this site in it. */
    record Sealed(int block, int sites) implements SiteEvent {
        @Override
        public String line() {
            return "block %d sealed with %d sites".formatted(block, sites);
        }
    }

    /** A block has ended before it was sealed. */
    record BlockAborted(int block, String reason) implements SiteEvent {
        @Override
        public String line() {
            return "block %d aborted: %s".formatted(block, reason);
        }
    }

    /** The site has said whether it takes part in the rounds of a block to come. */
    record Intends(int block, boolean willing) implements SiteEvent {
        @Override
        public String line() {
            return "block %d %s".formatted(block, willing ? "resumed" : "paused");
        }
    }

    /** The site takes no part in a block. */
    record SatOut(int block, String why) implements SiteEvent {
        @Override
        public String line() {
            return "block %d sat out: %s".formatted(block, why);
        }
    }

    /** The model that a round starts from, on the rows held out. */
    record Evaluated(int round, int modelVersion, int examples, double loss, double accuracy, double macroF1)
            implements SiteEvent {
        @Override
        public String line() {
            return String.format(
                    Locale.ROOT, "round %d model %d held-out %d macro-f1 %.3f", round, modelVersion, examples, macroF1);
        }
    }

    /** A loss after what stands before it, if there is one: private training has none to show. */
    static String shown(String before, double loss) {
        return Double.isNaN(loss) ? "" : String.format(Locale.ROOT, "%sloss %.3f", before, loss);
    }

    /** Training goes on: the mean loss so far, that of the last step, and the rate at which this moved the adapter. */
    record Training(int round, int done, int total, double loss, double stepLoss, double learningRate)
            implements SiteEvent {
        @Override
        public String line() {
            return String.format(Locale.ROOT, "round %d training %d/%d%s", round, done, total, shown(" ", loss));
        }
    }

    /** Training has ended. */
    record Trained(int round, int examples, double loss) implements SiteEvent {
        @Override
        public String line() {
            return String.format(Locale.ROOT, "round %d trained %d%s", round, examples, shown(" ", loss));
        }
    }

    /** The update of a round before is sent in this one. */
    record SendsLate(int round, int trainedIn) implements SiteEvent {
        @Override
        public String line() {
            return "round %d sends the update of round %d".formatted(round, trainedIn);
        }
    }

    /** The update came too late for the sum and is kept. */
    record Kept(int round) implements SiteEvent {
        @Override
        public String line() {
            return "round %d update kept for a later round".formatted(round);
        }
    }

    /** The masked update is stored and its transaction begins. */
    record Uploading(int round, int chunks, long bytes) implements SiteEvent {
        @Override
        public String line() {
            return "round %d uploading %d chunks %d bytes".formatted(round, chunks, bytes);
        }
    }

    /** The masked update has been committed. */
    record Uploaded(int round, int chunks, long bytes) implements SiteEvent {
        @Override
        public String line() {
            return "round %d uploaded %d chunks %d bytes".formatted(round, chunks, bytes);
        }
    }

    /** The site uploads nothing in a round. */
    record Skipped(int round, String why) implements SiteEvent {
        @Override
        public String line() {
            return "round %d skipped: %s".formatted(round, why);
        }
    }

    /** The shares have been sent. */
    record Unmasked(int round, int survivors, int dropouts) implements SiteEvent {
        @Override
        public String line() {
            return "round %d unmasked survivors %d dropouts %d".formatted(round, survivors, dropouts);
        }
    }

    /** A round has made a model. */
    record Result(int round, int modelVersion, int survivors, int dropouts, double epsilon) implements SiteEvent {
        @Override
        public String line() {
            return String.format(
                    Locale.ROOT,
                    "round %d result model %d survivors %d dropouts %d epsilon %.4g",
                    round,
                    modelVersion,
                    survivors,
                    dropouts,
                    epsilon);
        }
    }

    /** A round has ended without a model. */
    record Aborted(int round, String reason) implements SiteEvent {
        @Override
        public String line() {
            return "round %d aborted: %s".formatted(round, reason);
        }
    }

    /** The site refused something. */
    record Refused(Refusal refusal, String detail) implements SiteEvent {
        @Override
        public String line() {
            return "refused %s: %s".formatted(refusal, detail);
        }
    }

    /** A record of the topic was not believed and is not part of the transcript. */
    record Ignored(long offset, String why) implements SiteEvent {
        @Override
        public String line() {
            return "ignored record at offset %d: %s".formatted(offset, why);
        }
    }

    /** The curves for TensorBoard cannot be written any more; the site goes on without. */
    record Undrawn(String why) implements SiteEvent {
        @Override
        public String line() {
            return "tensorboard stopped, training goes on: " + why;
        }
    }

    /** The broker did not answer; the site tries again. */
    record Waiting(String why) implements SiteEvent {
        @Override
        public String line() {
            return "waiting: " + why;
        }
    }

    /** The task has ended. */
    record Ended(String reason) implements SiteEvent {
        @Override
        public String line() {
            return "task ended: " + reason;
        }
    }
}
