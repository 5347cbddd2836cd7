package dev.sotto.coordination.privacy;

import dev.sotto.privacy.accounting.AnalyticGaussianAccountant;
import dev.sotto.privacy.accounting.PldAccountant;
import dev.sotto.privacy.accounting.PrivacyAccountant;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.ZcdpAccountant;

/** The accountants by the names that they are asked for with. */
enum AccountantKind {
    ANALYTIC("analytic", AnalyticGaussianAccountant.create()),
    PLD("pld", PldAccountant.create()),
    RDP("rdp", RdpAccountant.create()),
    ZCDP("zcdp", ZcdpAccountant.create());

    private final String word;
    private final PrivacyAccountant accountant;

    AccountantKind(String word, PrivacyAccountant accountant) {
        this.word = word;
        this.accountant = accountant;
    }

    PrivacyAccountant accountant() {
        return accountant;
    }

    /** As it is typed and printed. */
    @Override
    public String toString() {
        return word;
    }
}
