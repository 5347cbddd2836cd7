package dev.sotto.anonymization;

/** The check digits of an IBAN (ISO/IEC 7064, MOD 97-10). */
final class Mod97 {
    private Mod97() {}

    /** Whether an IBAN of ASCII letters and digits without separators passes. */
    static boolean holds(String iban) {
        int remainder = 0;
        for (int i = 0; i < iban.length(); i++) {
            char c = iban.charAt((i + 4) % iban.length());
            remainder = Ascii.isDigit(c)
                    ? (remainder * 10 + (c - '0')) % 97
                    : (remainder * 100 + (Ascii.upper(c) - 'A' + 10)) % 97;
        }
        return remainder == 1;
    }
}
