/** Coordination's decisions as plain values: states, what happens to them and what follows. No Stateful Functions, no Kafka client. */
@NullMarked
package dev.sotto.coordination.protocol;

import org.jspecify.annotations.NullMarked;
