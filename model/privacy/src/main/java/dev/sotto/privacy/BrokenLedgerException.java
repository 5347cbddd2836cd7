package dev.sotto.privacy;

import java.io.Serial;

/** A privacy ledger that cannot be trusted: its task must stop, since what was spent is not known. */
public final class BrokenLedgerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    BrokenLedgerException(String what) {
        super("broken privacy ledger: " + what);
    }
}
