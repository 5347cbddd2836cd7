package dev.sotto.coordination.privacy;

import java.util.List;

/** The mechanisms that can be priced, and by whom, the tightest accountant first. */
enum MechanismKind {
    GAUSSIAN("gaussian", AccountantKind.ANALYTIC, AccountantKind.PLD, AccountantKind.RDP, AccountantKind.ZCDP),
    LAPLACE("laplace", AccountantKind.PLD, AccountantKind.RDP, AccountantKind.ZCDP),
    DISCRETE_GAUSSIAN("discrete-gaussian", AccountantKind.PLD, AccountantKind.ZCDP, AccountantKind.RDP),
    DISCRETE_LAPLACE("discrete-laplace", AccountantKind.PLD, AccountantKind.RDP, AccountantKind.ZCDP),
    DDGAUSS("ddgauss", AccountantKind.ZCDP, AccountantKind.RDP),
    SKELLAM("skellam", AccountantKind.RDP);

    private final String word;
    private final List<AccountantKind> accountants;

    MechanismKind(String word, AccountantKind... accountants) {
        this.word = word;
        this.accountants = List.of(accountants);
    }

    /**
     * The accountants that cover it, the tightest first.
     *
     * @param sampled whether only a sample of the units takes part in each release
     * @param vector whether integers with a bound on their L2 norm are noised rather than a single one
     */
    List<AccountantKind> accountants(boolean sampled, boolean vector) {
        if (sampled) {
            return List.of(AccountantKind.PLD, AccountantKind.RDP);
        }
        return this == DISCRETE_GAUSSIAN && vector ? List.of(AccountantKind.ZCDP, AccountantKind.RDP) : accountants;
    }

    /** As it is typed and printed. */
    @Override
    public String toString() {
        return word;
    }
}
