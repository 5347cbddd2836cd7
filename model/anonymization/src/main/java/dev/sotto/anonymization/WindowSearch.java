package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The choice of windows in digit runs: every window whose digits count within bounds is graded, and the best ones that
 * share no group are kept, by score, then length, then position. The bounds keep the number of windows linear.
 */
final class WindowSearch {
    private static final Comparator<Graded> BEST_FIRST = Comparator.comparingDouble(
                    (Graded graded) -> -graded.finding.score())
            .thenComparingInt(graded -> -graded.finding.length())
            .thenComparingInt(graded -> graded.finding.start());

    private final int minDigits;
    private final int maxDigits;

    WindowSearch(int minDigits, int maxDigits) {
        this.minDigits = minDigits;
        this.maxDigits = maxDigits;
    }

    /** Grades one window; null where it is nothing. */
    interface Grader {
        @Nullable
        Finding grade(GroupWindow window);
    }

    private record Graded(GroupWindow window, Finding finding) {}

    List<Finding> findAll(String text, Grader grader) {
        List<Finding> findings = new ArrayList<>();
        for (DigitRun run : DigitRun.findAll(text)) {
            choose(grade(run, grader), run.groups(), findings);
        }
        return findings;
    }

    private List<Graded> grade(DigitRun run, Grader grader) {
        List<Graded> graded = new ArrayList<>();
        for (int from = 0; from < run.groups(); from++) {
            int digits = 0;
            for (int to = from + 1; to <= run.groups(); to++) {
                digits += run.length(to - 1);
                if (digits > maxDigits) {
                    break;
                }
                if (digits >= minDigits) {
                    GroupWindow window = new GroupWindow(run, from, to);
                    Finding finding = grader.grade(window);
                    if (finding != null) {
                        graded.add(new Graded(window, finding));
                    }
                }
            }
        }
        return graded;
    }

    private static void choose(List<Graded> graded, int groups, List<Finding> findings) {
        if (graded.isEmpty()) {
            return;
        }
        graded.sort(BEST_FIRST);
        boolean[] taken = new boolean[groups];
        for (Graded candidate : graded) {
            boolean free = true;
            for (int group = candidate.window.from(); group < candidate.window.to(); group++) {
                free &= !taken[group];
            }
            if (free) {
                findings.add(candidate.finding);
                Arrays.fill(taken, candidate.window.from(), candidate.window.to(), true);
            }
        }
    }
}
