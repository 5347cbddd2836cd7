package dev.sotto.anonymization;

import java.time.YearMonth;

/**
 * The parts of a Chinese resident identity number (GB 11643-1999): six digits of region, a birth date, a sequence number
 * and, in the 18-character form, an ISO 7064 MOD 11-2 check character.
 */
final class CitizenNumber {
    static final int LENGTH = 18;
    static final int OLD_LENGTH = 15;

    private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String CHECK_CHARACTERS = "10X98765432";

    private CitizenNumber() {}

    /** Whether region and birth date of an 18- or 15-character number are possible. */
    static boolean plausible(String number) {
        if (!knownRegion((number.charAt(0) - '0') * 10 + number.charAt(1) - '0')) {
            return false;
        }
        return number.length() == LENGTH
                ? possibleDate(digits(number, 6, 10), digits(number, 10, 12), digits(number, 12, 14))
                : possibleDate(1900 + digits(number, 6, 8), digits(number, 8, 10), digits(number, 10, 12));
    }

    /** Whether the check character of an 18-character number is right. */
    static boolean checks(String number) {
        return Ascii.upper(number.charAt(LENGTH - 1)) == checkCharacter(number);
    }

    /** The check character that belongs to the first 17 digits. */
    static char checkCharacter(String number) {
        int sum = 0;
        for (int i = 0; i < WEIGHTS.length; i++) {
            sum += WEIGHTS[i] * (number.charAt(i) - '0');
        }
        return CHECK_CHARACTERS.charAt(sum % 11);
    }

    private static int digits(String number, int from, int to) {
        return Integer.parseInt(number, from, to, 10);
    }

    private static boolean possibleDate(int year, int month, int day) {
        return year >= 1900
                && year <= 2099
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth();
    }

    /** Province codes of GB/T 2260; 83 and 91 are for residents from Taiwan and abroad. */
    private static boolean knownRegion(int code) {
        return switch (code / 10) {
            case 1 -> code >= 11 && code <= 15;
            case 2 -> code >= 21 && code <= 23;
            case 3 -> code >= 31 && code <= 37;
            case 4 -> code >= 41 && code <= 46;
            case 5 -> code >= 50 && code <= 54;
            case 6 -> code >= 61 && code <= 65;
            default -> code == 71 || code == 81 || code == 82 || code == 83 || code == 91;
        };
    }
}
