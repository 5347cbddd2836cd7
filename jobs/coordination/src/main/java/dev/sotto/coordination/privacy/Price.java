package dev.sotto.coordination.privacy;

import dev.sotto.federation.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The least number that a valid accountant can show: an epsilon, a delta or a noise multiplier.
 *
 * @param value the number
 * @param accountant who showed it
 * @param asked whether that accountant was asked for by name
 */
record Price(double value, AccountantKind accountant, boolean asked) {
    /**
     * Asks the accountant wanted, or, if none is, the tightest; those behind it are asked only where it has no answer, or where none is known to
     * be tighter than the others.
     *
     * @throws ConfigurationException if none has an answer
     */
    static Price of(ReleaseOptions release, List<AccountantKind> valid, ToDoubleFunction<AccountantKind> price) {
        AccountantKind wanted = release.accountant;
        if (wanted != null) {
            return new Price(ask(wanted, price), wanted, true);
        }
        List<String> refusals = new ArrayList<>();
        Price best = null;
        for (AccountantKind accountant : valid) {
            try {
                Price next = new Price(ask(accountant, price), accountant, false);
                best = best == null || next.value < best.value ? next : best;
            } catch (ConfigurationException e) {
                refusals.add(accountant + ": " + e.getMessage());
            }
            if (best != null && tightest(best.accountant)) {
                return best;
            }
        }
        if (best == null) {
            throw new ConfigurationException(String.join("; ", refusals));
        }
        return best;
    }

    private static boolean tightest(AccountantKind accountant) {
        return accountant == AccountantKind.ANALYTIC || accountant == AccountantKind.PLD;
    }

    private static double ask(AccountantKind accountant, ToDoubleFunction<AccountantKind> price) {
        try {
            return price.applyAsDouble(accountant);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Who priced, in words. */
    String by() {
        return asked ? accountant.toString() : accountant + " (the tightest valid)";
    }
}
