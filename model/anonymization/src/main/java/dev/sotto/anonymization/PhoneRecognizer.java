package dev.sotto.anonymization;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds telephone numbers: international ones, numbers that are valid in one of the policy's regions, and, for a context
 * word to raise, whatever has the shape of a number from elsewhere. An extension belongs to its number.
 *
 * <p>Validity comes from libphonenumber, one short candidate at a time and at most a fixed number of times per text.
 * When a text has used them up, shape alone counts as a number: a flood of candidates cannot hide one.
 */
final class PhoneRecognizer implements EntityRecognizer {
    private static final int FEWEST_DIGITS = 7;
    private static final int MOST_DIGITS = 16;
    private static final int MOST_NATIONAL_DIGITS = 13;
    private static final int MOST_GROUPS = 8;

    private final WindowSearch search = new WindowSearch(FEWEST_DIGITS, MOST_DIGITS);
    private final List<String> regions;

    PhoneRecognizer(List<String> regions) {
        this.regions = List.copyOf(regions);
    }

    @Override
    public List<Finding> find(NormalizedText text) {
        PhoneLookup lookup = new PhoneLookup(regions, text.length());
        return search.findAll(text.value(), window -> grade(window, lookup));
    }

    @Override
    public String name() {
        return "phone";
    }

    private static @Nullable Finding grade(GroupWindow window, PhoneLookup lookup) {
        if (window.groups() > MOST_GROUPS
                || window.letterNeighbours() == 2
                || looksLikeDate(window)
                || looksLikeAddress(window)) {
            return null;
        }
        String text = window.text();
        int start = DialPrefix.start(text, window.start(), window.end());
        int end = PhoneExtension.end(text, window.end());
        boolean plus = text.substring(start, window.start()).contains("+");
        Grade grade = lookup.exhausted() ? unseen(window) : seen(window, plus, lookup);
        boolean partOfCode = Ascii.wordBefore(text, start) || Ascii.wordAt(text, end);
        double score = grade.score - (partOfCode ? 0.2 : 0);
        return score <= 0 ? null : new Finding(EntityType.PHONE, start, end, score, grade.why);
    }

    private record Grade(double score, String why) {}

    private static Grade unseen(GroupWindow window) {
        return new Grade(window.bare() ? 0.2 : 0.5, "shape of a number, not looked up");
    }

    private static Grade seen(GroupWindow window, boolean plus, PhoneLookup lookup) {
        String candidate = window.text().substring(window.start(), window.end());
        if (plus || (window.length(0) >= 2 && candidate.startsWith("00"))) {
            return lookup.validInternational(candidate)
                    ? new Grade(0.95, "valid international number")
                    : new Grade(plus ? 0.8 : 0.3, "international prefix");
        }
        boolean grouped = wellGrouped(window);
        if (window.bare() ? window.length(0) > MOST_NATIONAL_DIGITS : !grouped) {
            return new Grade(0, "");
        }
        if (lookup.validNational(candidate)) {
            return new Grade(window.bare() ? 0.45 : 0.75, "valid national number");
        }
        if (grouped && endsInValidNumber(window, lookup)) {
            return new Grade(0.76, "ends in a valid national number");
        }
        return new Grade(window.bare() ? 0.2 : 0.3, "shape of a number");
    }

    /** Whether a whole run is a prefix that no region knows and a number that one does: the prefix goes with it. */
    private static boolean endsInValidNumber(GroupWindow window, PhoneLookup lookup) {
        DigitRun run = window.run();
        return window.from() == 0
                && window.to() == run.groups()
                && window.groups() > 2
                && lookup.validNational(window.text().substring(run.start(1), window.end()));
    }

    private static boolean wellGrouped(GroupWindow window) {
        int digits = 0;
        for (int i = 0; i < window.groups(); i++) {
            int length = window.length(i);
            boolean leading = i == 0 || (i == 1 && length == 1);
            if (length > 8 || (!leading && length < 2)) {
                return false;
            }
            digits += length;
        }
        return window.groups() > 1 && digits <= MOST_NATIONAL_DIGITS;
    }

    /** A day, month and four-digit year in any order that is in use, or an ISO date; never a number's grouping. */
    private static boolean looksLikeDate(GroupWindow window) {
        return window.groups() == 3
                && ((window.length(0) == 4 && window.length(1) <= 2 && window.length(2) <= 2)
                        || (window.length(0) <= 2 && window.length(1) <= 2 && window.length(2) == 4));
    }

    /** Four octets between dots, or a part of them. */
    private static boolean looksLikeAddress(GroupWindow window) {
        DigitRun run = window.run();
        return run.groups() == 4 && Ipv4.valid(window.text().substring(run.start(0), run.end(3)));
    }
}
