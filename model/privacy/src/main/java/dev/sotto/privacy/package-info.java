/**
 * Differential privacy as a plain library: exact integer noise, keyed randomness, accountants and a hash-chained budget ledger.
 *
 * <p>A release is noised by {@link dev.sotto.privacy.CentralDiscreteGaussian}, priced by {@link dev.sotto.privacy.ZCdp}, and
 * admitted and recorded by {@link dev.sotto.privacy.LedgerChain}. What is guaranteed, and which test holds it, stands in the
 * module's README.
 */
@NullMarked
package dev.sotto.privacy;

import org.jspecify.annotations.NullMarked;
