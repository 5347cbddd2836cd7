/**
 * Secure aggregation: keys, masks, secret sharing, commitments and the steps of one round, on the JDK alone. The server
 * learns the sum over the surviving sites and nothing about a single one. The protocol as built is in this module's
 * README.
 */
@NullMarked
package dev.sotto.secagg;

import org.jspecify.annotations.NullMarked;
