package dev.sotto.anonymization;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bounded use of libphonenumber for one text. Not thread-safe: every text has its own. */
final class PhoneLookup {
    private static final int FREE_LOOKUPS = 4096;
    private static final int CHARACTERS_PER_LOOKUP = 64;
    private static final String NO_REGION = "ZZ";

    private static final int NORTH_AMERICA = 1;
    private static final long FIRST_NORTH_AMERICAN = 2_002_000_000L;
    private static final long LAST_NORTH_AMERICAN = 9_999_999_999L;

    private final List<String> regions;
    private final Map<String, Boolean> known = new HashMap<>();
    private int left;

    PhoneLookup(List<String> regions, int textLength) {
        this.regions = regions;
        this.left = FREE_LOOKUPS + textLength / CHARACTERS_PER_LOOKUP;
    }

    /** Whether the text has used up its look-ups. */
    boolean exhausted() {
        return left <= 0;
    }

    /** Whether digits, with or without a leading 00, are valid after a plus sign. */
    boolean validInternational(String candidate) {
        return valid("+" + (candidate.startsWith("00") ? candidate.substring(2) : candidate), NO_REGION);
    }

    /** Whether a candidate is valid as dialled inside one of the regions. */
    boolean validNational(String candidate) {
        for (String region : regions) {
            if (valid(candidate, region)) {
                return true;
            }
        }
        return false;
    }

    private boolean valid(String candidate, String region) {
        return known.computeIfAbsent(region + candidate, key -> lookUp(candidate, region));
    }

    private boolean lookUp(String candidate, String region) {
        left--;
        PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
        try {
            PhoneNumber number = numbers.parse(candidate, region);
            return number.getCountryCode() == NORTH_AMERICA
                    ? northAmerican(number.getNationalNumber())
                    : numbers.isValidNumber(number);
        } catch (NumberParseException notANumber) {
            return false;
        }
    }

    /**
     * Whether area and exchange code are possible. The 25 countries that share the plan would otherwise be tried one by
     * one, which costs more than everything else together.
     */
    private static boolean northAmerican(long number) {
        long exchange = number / 10_000 % 1_000;
        return number >= FIRST_NORTH_AMERICAN && number <= LAST_NORTH_AMERICAN && exchange >= 200;
    }
}
