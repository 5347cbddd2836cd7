package dev.sotto.anonymization;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds Chinese resident identity numbers (GB 11643): 18 characters, the last a digit or X, or the 15 digits of before
 * 1999; bare or in groups. A possible region and birth date is enough even if the check character fails, because most
 * numbers in circulating texts carry a wrong one.
 */
final class CnIdCardRecognizer implements EntityRecognizer {
    private final WindowSearch search = new WindowSearch(CitizenNumber.OLD_LENGTH, CitizenNumber.LENGTH);

    @Override
    public List<Finding> find(NormalizedText text) {
        return search.findAll(text.value(), CnIdCardRecognizer::grade);
    }

    @Override
    public String name() {
        return "cn-id-card";
    }

    private static @Nullable Finding grade(GroupWindow window) {
        String digits = window.digits();
        int end = window.end();
        boolean endsInX = false;
        if (digits.length() == CitizenNumber.LENGTH - 1) {
            end = endOfCheckCharacter(window.text(), end);
            if (end < 0) {
                return null;
            }
            digits += "X";
            endsInX = true;
        }
        if (digits.length() != CitizenNumber.LENGTH && digits.length() != CitizenNumber.OLD_LENGTH) {
            return null;
        }
        boolean plausible = CitizenNumber.plausible(digits);
        boolean checks = digits.length() == CitizenNumber.LENGTH && CitizenNumber.checks(digits);
        double score = score(digits.length(), plausible, checks, endsInX, usual(window));
        score -= Ascii.wordBefore(window.text(), window.start()) ? 0.15 : 0;
        score -= Ascii.wordAt(window.text(), end) ? 0.15 : 0;
        if (score <= 0) {
            return null;
        }
        String why = (plausible ? "possible region and birth date" : "impossible region or birth date")
                + (checks ? ", check character holds" : ", check character fails or is absent");
        return new Finding(EntityType.CN_ID_CARD, window.start(), end, score, why);
    }

    /** The offset after an X that follows at once or after one separator; -1 if there is none. */
    private static int endOfCheckCharacter(String text, int end) {
        int at = end < text.length() && DigitRun.isSeparator(text.charAt(end)) ? end + 1 : end;
        boolean found = (Ascii.is(text, at, 'X') || Ascii.is(text, at, 'x')) && !Ascii.wordAt(text, at + 1);
        return found ? at + 1 : -1;
    }

    private static double score(int length, boolean plausible, boolean checks, boolean endsInX, boolean usual) {
        if (length == CitizenNumber.OLD_LENGTH) {
            return plausible && usual ? 0.4 : 0.2;
        }
        if (plausible) {
            return checks ? 0.98 : usual ? 0.95 : 0.8;
        }
        if (!usual) {
            return 0;
        }
        return endsInX ? 0.45 : 0.3;
    }

    private static boolean usual(GroupWindow window) {
        return window.bare()
                || window.groupedBy(4)
                || window.groupedBy(3)
                || window.groupedBy(6)
                || window.grouped(6, 8, 4)
                || window.grouped(6, 8, 3)
                || window.grouped(6, 4, 4, 4)
                || window.grouped(6, 4, 4, 3)
                || window.grouped(6, 4, 2, 2, 4)
                || window.grouped(6, 4, 2, 2, 3)
                || window.grouped(3, 3, 4, 4, 4)
                || window.grouped(3, 3, 4, 4, 3)
                || window.grouped(3, 3, 8, 4)
                || window.grouped(3, 3, 8, 3)
                || window.grouped(6, 6, 3);
    }
}
