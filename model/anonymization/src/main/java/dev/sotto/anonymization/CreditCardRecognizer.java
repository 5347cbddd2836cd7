package dev.sotto.anonymization;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds payment card numbers of 12 to 19 digits, bare or in groups. Issuer prefix, Luhn digit and grouping each add to
 * the score; none of them alone decides, so that a mistyped number beside the word "card" is still found.
 */
final class CreditCardRecognizer implements EntityRecognizer {
    private static final int SHORTEST = 12;
    private static final int LONGEST = 19;
    private static final int SHORTEST_USUAL = 14;

    /** A part of a run that passes by luck must not outrank the whole run that fails. */
    private static final double HIGHEST_OF_A_PART = 0.2;

    private final WindowSearch search = new WindowSearch(SHORTEST, LONGEST);

    @Override
    public List<Finding> find(NormalizedText text) {
        return search.findAll(text.value(), CreditCardRecognizer::grade);
    }

    @Override
    public String name() {
        return "credit-card";
    }

    private static @Nullable Finding grade(GroupWindow window) {
        boolean usualForm = window.bare() || grouped(window);
        String digits = window.digits();
        boolean scheme = CardScheme.knows(digits);
        boolean luhn = Luhn.holds(digits);
        double score = score(usualForm, scheme, luhn, digits.length()) - 0.25 * window.letterNeighbours();
        if (window.groups() < window.run().groups() && !(luhn && scheme)) {
            score = Math.min(score, HIGHEST_OF_A_PART);
        }
        if (digits.length() == CitizenNumber.LENGTH && CitizenNumber.plausible(digits)) {
            score = Math.min(score, 0.5);
        }
        if (score <= 0) {
            return null;
        }
        String why = (luhn ? "check digit holds" : "check digit fails") + (scheme ? ", known issuer prefix" : "");
        return new Finding(EntityType.CREDIT_CARD, window.start(), window.end(), score, why);
    }

    private static double score(boolean usualForm, boolean scheme, boolean luhn, int length) {
        if (luhn && scheme) {
            double certain = length < SHORTEST_USUAL ? 0.6 : 0.9;
            return usualForm ? certain : 0.55;
        }
        if (!usualForm) {
            return 0;
        }
        if (luhn) {
            return 0.45;
        }
        if (scheme) {
            return length < SHORTEST_USUAL ? 0.25 : 0.4;
        }
        return length < SHORTEST_USUAL ? 0.15 : 0.25;
    }

    private static boolean grouped(GroupWindow window) {
        return window.groupedBy(4)
                || window.grouped(4, 6, 5)
                || window.grouped(4, 6, 4)
                || window.grouped(6, 13)
                || window.grouped(6, 10)
                || window.grouped(4, 4, 5)
                || window.grouped(5, 5, 5)
                || window.grouped(4, 5, 6);
    }
}
