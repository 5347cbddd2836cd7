/**
 * The aggregation job: gathers masked updates in a round's window, takes the masks off their sum and off nothing else,
 * adds noise, and publishes the next model.
 */
@NullMarked
package dev.sotto.aggregation;

import org.jspecify.annotations.NullMarked;
