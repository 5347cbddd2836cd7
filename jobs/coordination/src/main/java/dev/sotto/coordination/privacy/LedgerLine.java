package dev.sotto.coordination.privacy;

import dev.sotto.contracts.avro.LedgerStep;

/**
 * One record of a ledger, verified.
 *
 * @param number its number in the ledger, from 1
 * @param release what is released, {@code task/round}
 * @param step what it says
 * @param rho the zCDP cost asked for
 * @param spentRho all that is charged, this record included
 * @param epsilon what that amounts to at the task's delta
 * @param hash where the chain stands after it, in hexadecimal
 */
record LedgerLine(
        int number, String release, LedgerStep step, double rho, double spentRho, double epsilon, String hash) {}
