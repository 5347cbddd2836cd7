package dev.sotto.anonymization;

import java.util.Locale;

/**
 * A kind of personal data. The order of the constants is the priority by which equally good findings of different kinds
 * are decided: the first wins.
 */
public enum EntityType {
    /** A term of the policy's deny list. */
    DENY_LISTED(false),
    /** A URL: with a scheme, or a host that starts with {@code www.}; other hosts only beside a context word. */
    URL(false),
    /** An e-mail address. */
    EMAIL(false),
    /** An international bank account number (ISO 13616). */
    IBAN(true),
    /** A resident identity number of the People's Republic of China (GB 11643), 18 or, before 1999, 15 characters. */
    CN_ID_CARD(true),
    /** A payment card number (ISO/IEC 7812). */
    CREDIT_CARD(true),
    /** A mobile number of mainland China. */
    CN_MOBILE(true),
    /** Any other telephone number. */
    PHONE(true),
    /** An IPv4 or IPv6 address. */
    IP_ADDRESS(false),
    /** A person's name; nothing in this module finds it, a recognizer from outside may. */
    PERSON(false),
    /** An organization's name; nothing in this module finds it, a recognizer from outside may. */
    ORGANIZATION(false),
    /** A place; nothing in this module finds it, a recognizer from outside may. */
    LOCATION(false);

    private static final int CN_MOBILE_DIGITS = 11;

    private final boolean separatorsAreDecoration;

    EntityType(boolean separatorsAreDecoration) {
        this.separatorsAreDecoration = separatorsAreDecoration;
    }

    /**
     * The form in which two spellings of one value are equal: lower case and, for numbers, without separators. A Chinese
     * mobile number is its last 11 digits, with or without the country's prefix.
     */
    String canonical(String normalizedValue) {
        String value = normalizedValue.toLowerCase(Locale.ROOT);
        if (!separatorsAreDecoration) {
            return value;
        }
        StringBuilder kept = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            if (Character.isLetterOrDigit(value.charAt(i))) {
                kept.append(value.charAt(i));
            }
        }
        return this == CN_MOBILE && kept.length() > CN_MOBILE_DIGITS
                ? kept.substring(kept.length() - CN_MOBILE_DIGITS)
                : kept.toString();
    }
}
