package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds IBANs: a country, two check digits and that country's number of letters and digits, bare or in groups of four.
 * A failing check lowers the score but does not hide the number.
 */
final class IbanRecognizer implements EntityRecognizer {
    private static final int GROUP = 4;

    /** Letters spell words; below this many digits a failing "number" is more likely a sentence. */
    private static final int FEWEST_DIGITS = 8;

    @Override
    public List<Finding> find(NormalizedText text) {
        List<Finding> findings = new ArrayList<>();
        String value = text.value();
        int at = 2;
        while (at < value.length()) {
            Finding finding = Ascii.isDigit(value.charAt(at)) ? at(value, at - 2) : null;
            if (finding == null) {
                at++;
            } else {
                findings.add(finding);
                at = finding.end() + 2;
            }
        }
        return findings;
    }

    @Override
    public String name() {
        return "iban";
    }

    private static @Nullable Finding at(String text, int start) {
        if (!Ascii.isLetter(text.charAt(start))
                || !Ascii.isLetter(text.charAt(start + 1))
                || !Ascii.digitAt(text, start + 3)
                || Ascii.wordBefore(text, start)) {
            return null;
        }
        int expected = IbanCountries.length(text.charAt(start), text.charAt(start + 1));
        StringBuilder iban = new StringBuilder(IbanCountries.LONGEST);
        boolean fours = true;
        int separators = 0;
        int at = start;
        while (iban.length() < expected && at < text.length()) {
            char c = text.charAt(at);
            if (Ascii.isLetterOrDigit(c)) {
                iban.append(c);
            } else if ((c == ' ' || c == '-' || c == '.') && Ascii.wordAt(text, at + 1)) {
                fours &= iban.length() % GROUP == 0;
                separators++;
            } else {
                return null;
            }
            at++;
        }
        if (expected == 0 || iban.length() < expected || Ascii.wordAt(text, at)) {
            return null;
        }
        boolean usual = separators == 0 || (fours && separators == (expected - 1) / GROUP);
        return grade(iban.toString(), usual, start, at);
    }

    private static @Nullable Finding grade(String iban, boolean usual, int start, int end) {
        boolean checks = Mod97.holds(iban);
        long digits = iban.chars().filter(c -> Ascii.isDigit((char) c)).count();
        if (digits < FEWEST_DIGITS || (!usual && !checks)) {
            return null;
        }
        double score = checks ? (usual ? 0.95 : 0.8) : 0.6;
        String why = "country's length, check digits " + (checks ? "hold" : "fail");
        return new Finding(EntityType.IBAN, start, end, score, why);
    }
}
