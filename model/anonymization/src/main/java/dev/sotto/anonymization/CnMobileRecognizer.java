package dev.sotto.anonymization;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds mobile numbers of mainland China: 11 digits from 13 to 19, with or without 86, +86 or 0086, bare or in groups
 * of any shape.
 */
final class CnMobileRecognizer implements EntityRecognizer {
    private static final int DIGITS = 11;
    private static final int WITH_COUNTRY = 13;
    private static final int WITH_ACCESS_CODE = 15;

    private final WindowSearch search = new WindowSearch(DIGITS, WITH_ACCESS_CODE);

    @Override
    public List<Finding> find(NormalizedText text) {
        return search.findAll(text.value(), CnMobileRecognizer::grade);
    }

    @Override
    public String name() {
        return "cn-mobile";
    }

    private static @Nullable Finding grade(GroupWindow window) {
        String digits = window.digits();
        boolean prefixed = (digits.length() == WITH_COUNTRY && digits.startsWith("86"))
                || (digits.length() == WITH_ACCESS_CODE && digits.startsWith("0086"));
        if (!prefixed && digits.length() != DIGITS) {
            return null;
        }
        int first = digits.length() - DIGITS;
        if (digits.charAt(first) != '1' || digits.charAt(first + 1) < '3') {
            return null;
        }
        int start = DialPrefix.start(window.text(), window.start(), window.end());
        boolean plus = start < window.start()
                && window.text().substring(start, window.start()).contains("+");
        if (plus && !prefixed) {
            return null;
        }
        double score = (prefixed ? 0.95 : base(window)) - 0.2 * window.letterNeighbours();
        if (score <= 0) {
            return null;
        }
        String why = prefixed ? "mobile prefix after the country's" : "mobile prefix";
        return new Finding(EntityType.CN_MOBILE, prefixed ? start : window.start(), window.end(), score, why);
    }

    private static double base(GroupWindow window) {
        if (window.bare()) {
            return 0.85;
        }
        if (window.grouped(3, 4, 4)) {
            return 0.9;
        }
        boolean even = window.grouped(4, 4, 3)
                || window.grouped(3, 3, 5)
                || window.grouped(3, 5, 3)
                || window.grouped(5, 6)
                || window.grouped(7, 4)
                || window.grouped(3, 8)
                || window.grouped(3, 2, 2, 2, 2)
                || window.grouped(3, 3, 3, 2)
                || window.groups() == DIGITS;
        return even ? 0.8 : 0.4;
    }
}
